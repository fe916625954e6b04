import { describe, expect, it } from 'vitest';
import { observeRunbooks, takenRunbookNumbers } from '../../observe/runbooks';
import { overlay, treeOf } from '../../overlay';
import { planAddition } from '../../plan';
import { Profile } from '../../profile';
import { resolvedSpec } from '../../test-resolved-spec';
import { sampleProfile, sampleTree } from '../../test-sample';
import { mediaRelay, transcriber, worker } from '../../test-specs';
import { anchorOf, outlineOf } from '../../markdown/outline';
import { linksIn } from '../../markdown/links';
import { runbookEmitter } from './emit';
import { renderRunbook } from './page';

const sample = sampleTree();
const profile = sampleProfile(sample);
const manifest = resolvedSpec(transcriber, 35);
const folder = 'docs/runbooks';

/** Everything that a page has a section for: a client of its own, mTLS, alerts, queues, parameters. */
const busy = resolvedSpec(
  {
    name: 'mcp-server-tickets',
    workload: 'mcp-tickets',
    displayName: 'Tickets for agents',
    purpose: 'Lets agents read and write tickets.',
    category: 'mcp',
    owner: 'agents',
    ports: [
      { name: 'https', internal: 8443, external: 8230, why: 'API' },
      { name: 'metrics', internal: 9100, external: 'none', why: 'Metrics' },
    ],
    security: {
      access: 'own-oauth',
      mtls: true,
      oauth: { clientId: 'tickets@ravenhelm' },
      secrets: [
        { name: 'tickets/region', environment: 'REGION_PARAMETER_NAME', purpose: 'Region', store: 'parameter' },
      ],
    },
    runtime: {
      source: { kind: 'build', context: 'services/tickets' },
      compose: {},
      healthCheck: { path: '/api/healthz', port: 'https' },
    },
    routing: { host: 'tickets.ravenhelm.test', path: '/api', port: 'https' },
    observability: {
      metrics: { port: 'metrics' },
      probe: true,
      dashboard: true,
      alerts: [
        { name: 'TicketsDown', expression: 'up{job="mcp-server-tickets"} == 0', severity: 'P1', summary: 'No tickets' },
      ],
    },
    messaging: {
      queues: [{ name: 'ticket-events', environment: 'EVENTS_QUEUE_URL', topics: ['tickets'] }],
      publishes: [{ topic: 'replies', environment: 'REPLIES_TOPIC_ARN' }],
    },
  },
  35,
);

describe('runbook', () => {
  it.each([
    ['voice-transcriber', resolvedSpec(transcriber, 35)],
    ['media-relay', resolvedSpec(mediaRelay, 35)],
    ['night-worker', resolvedSpec(worker, 1035)],
    ['mcp-server-tickets', busy],
  ])('of %s reads as in the golden file', async (name, spec) => {
    const emission = runbookEmitter.emit({ manifest: spec, profile, tree: sample });
    const page = emission.edits.find((edit) => edit.kind === 'create');
    expect(page?.path).toMatch(new RegExp(`^${folder}/RUNBOOK-\\d{3,4}-${name}\\.md$`));
    await expect(page?.text).toMatchFileSnapshot(`fixtures/${name}.md`);
    expect(page?.text.split('\n')[0]).toMatch(/^# RUNBOOK-\d{3,4}: /);
  });

  it('adds one row to the sample’s catalog, in the form of its neighbours, and nothing else', () => {
    const plan = planAddition({ manifest, profile, tree: sample }, [runbookEmitter]);
    const catalog = plan.files.find((file) => file.path === profile.runbooks?.catalog);
    const before = new Set(catalog?.before?.split('\n'));
    const added = catalog?.after?.split('\n').filter((line) => !before.has(line));
    expect(added).toEqual([
      '| [RUNBOOK-035: Voice transcriber](docs/runbooks/RUNBOOK-035-voice-transcriber.md) | `ai` `production` | Turns recorded calls into searchable text: "fast" &amp; &lt;safe&gt; | `redis` |',
    ]);
    expect(plan.refusals).toEqual([]);
  });

  it('has nothing to add to its own result, and is seen there', () => {
    const plan = planAddition({ manifest, profile, tree: sample }, [runbookEmitter]);
    const after = overlay(sample, new Map(plan.files.map((file) => [file.path, file.after])));
    expect(planAddition({ manifest, profile, tree: after }, [runbookEmitter]).outcome).toBe('unchanged');
    expect(observeRunbooks(after, profile).find((page) => page.slug === 'voice-transcriber')).toMatchObject({
      number: 35,
      title: 'Voice transcriber',
      date: '2026-11-03',
    });
  });

  it('leads to headings that it has, and says where everything is taken out again', () => {
    const text = renderRunbook(busy, profile, 'RUNBOOK-035: Tickets for agents');
    const anchors = outlineOf(text).headings.map((heading) => anchorOf(heading.text));
    const targets = linksIn(text).flatMap(({ target }) => (target.startsWith('#') ? [target.slice(1)] : []));
    expect(targets.length).toBeGreaterThan(4);
    expect(targets.filter((target) => !anchors.includes(target))).toEqual([]);
    expect(text.split('\n').findIndex((line) => line === '## Playbook')).toBeLessThan(25);
  });

  it('never writes over a page that people have worked on', () => {
    const path = `${folder}/RUNBOOK-035-voice-transcriber.md`;
    const tree = treeOf({ [path]: '# RUNBOOK-035: Ours\n' });
    const emission = runbookEmitter.emit({ manifest, profile, tree });
    expect(emission.edits).toEqual([]);
    expect(emission.findings).toMatchObject([{ kind: 'runbook-kept', path }]);
  });

  it('has its title alone in its heading where runbooks have no numbers', () => {
    const named = Profile.parse({ ...profile, runbooks: { folder, fileName: '{slug}.md' } });
    const [edit] = runbookEmitter.emit({ manifest, profile: named, tree: treeOf({}) }).edits;
    expect(edit).toMatchObject({ kind: 'create', path: `${folder}/voice-transcriber.md` });
    expect(edit?.text).toMatch(/^# Voice transcriber\n/);
  });

  it('refuses a number that another page has', () => {
    const tree = treeOf({ [`${folder}/RUNBOOK-035-other.md`]: '# RUNBOOK-035: Other\n' });
    const emission = runbookEmitter.emit({ manifest, profile, tree });
    expect(emission.edits).toEqual([]);
    expect(emission.conflicts).toMatchObject([{ kind: 'file', path: `${folder}/RUNBOOK-035-other.md` }]);
  });

  it('concerns only services that ask for one', () => {
    expect(runbookEmitter.applies({ manifest: resolvedSpec(worker), profile, tree: sample })).toBe(false);
    const bare = Profile.parse({ platform: { name: 'x', domain: 'x.test' } });
    expect(runbookEmitter.applies({ manifest, profile: bare, tree: sample })).toBe(false);
  });
});

describe('numbers of the sample repository', () => {
  it('are those of files, headings and rows, gaps and doubles included', () => {
    const files = observeRunbooks(sample, profile);
    const numbers = files.flatMap((file) => file.number ?? []);
    expect(numbers.length).toBeGreaterThan(new Set(numbers).size);
    expect(files.some((file) => file.number === undefined)).toBe(true);
    const taken = takenRunbookNumbers(sample, profile);
    expect(Math.max(...taken)).toBeGreaterThan(Math.max(...numbers));
  });
});
