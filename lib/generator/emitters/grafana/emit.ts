/** The service's dashboard, a file of its own, and its entry in the inventory of services (requirements, section 5.4; runbook-024, section 7). */
import type { Emission, EmitContext, Emitter, Ownership } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import { entryFactsOf, runbookOf } from '../runbook/address';
import { addToInventory, inventoryEntry } from './inventory';
import { panelsOf } from './panels';
import { dashboardUid } from './uid';
import { dashboardsIn, learnDashboards, type DashboardHouse } from './siblings';

export const grafanaEmitter: Emitter = {
  name: 'grafana',
  commit: 'observability',
  applies: ({ manifest, profile }) =>
    (manifest.observability.dashboard && profile.observability?.dashboards !== undefined) ||
    profile.observability?.inventory !== undefined,
  emit(context) {
    const parts = [dashboard(context), addToInventory(context)];
    return {
      edits: parts.flatMap((part) => part.edits),
      conflicts: parts.flatMap((part) => part.conflicts ?? []),
      refusals: parts.flatMap((part) => part.refusals ?? []),
      findings: parts.flatMap((part) => part.findings ?? []),
      followUps: parts.flatMap((part) => part.followUps ?? []),
    };
  },
  owned,
};

function dashboardPath({ manifest, profile }: EmitContext): string | undefined {
  const folder = profile.observability?.dashboards?.replace(/\/+$/, '');
  return folder === undefined ? undefined : `${folder}/${manifest.name}.json`;
}

/** The dashboard of the service where it is there: by its uid, whatever people called the file. */
function ownDashboard(context: EmitContext): string | undefined {
  const uid = dashboardUid(context.manifest.name);
  return dashboardsIn(context).find((json) => asText(asRecord(json.value)?.['uid']) === uid)?.path;
}

function dashboard(context: EmitContext): Emission {
  const { manifest, tree } = context;
  const path = dashboardPath(context);
  if (path === undefined || !manifest.observability.dashboard) return { edits: [] };
  const there = ownDashboard(context);
  const house = learnDashboards(context, there ?? path);
  const panels = panelsOf(context, house);
  if (panels.length === 0)
    return {
      edits: [],
      findings: [
        {
          kind: 'dashboard-without-data',
          path,
          message: `Nothing collects anything about ${manifest.name} that a dashboard could show: give it metrics, a probe or a host.`,
        },
      ],
    };
  const text = render(context, house, panels);
  if (there !== undefined)
    return tree.read(there) === text
      ? { edits: [] }
      : {
          edits: [],
          findings: [
            {
              kind: 'dashboard-kept',
              path: there,
              message: 'The service has a dashboard already; it was left as it is.',
            },
          ],
        };
  // A file of this name that is another dashboard is a conflict, which applying the edit tells.
  return { edits: [{ kind: 'create', path, text }] };
}

function render(context: EmitContext, house: DashboardHouse, panels: readonly object[]): string {
  const { manifest } = context;
  const facts = entryFactsOf(context);
  const url = runbookOf(context)?.url;
  const value = {
    uid: dashboardUid(manifest.name),
    title: facts.title,
    description: manifest.purpose,
    tags: [...new Set([...house.tags, 'service', manifest.category])],
    timezone: house.timezone,
    schemaVersion: house.schemaVersion,
    version: 1,
    refresh: house.refresh,
    time: { from: 'now-6h', to: 'now' },
    ...(url === undefined ? {} : { links: [{ type: 'link', title: 'Runbook', url, icon: 'doc', targetBlank: true }] }),
    templating: { list: house.variables },
    panels,
  };
  return `${JSON.stringify(value, undefined, house.indent)}${house.finalNewline ? '\n' : ''}`;
}

function owned(context: EmitContext): Ownership {
  const path = ownDashboard(context);
  const inventory = inventoryEntry(context);
  return {
    parts: [...(path === undefined ? [] : [{ kind: 'file' as const, path }]), ...inventory.parts],
    kept: inventory.kept,
    followUps: inventory.followUps,
  };
}
