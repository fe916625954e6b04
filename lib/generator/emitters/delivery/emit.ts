/** How a service's own code is delivered: one GitHub workflow for each service that is built in this repository (requirements, section 4). */
import { environmentValues } from '../../chart-environments';
import type { Emission, EmitContext, Emitter, Finding, FollowUp, Ownership } from '../../types';
import { chartOf } from '../chart-choice';
import { actionReferences } from './actions';
import { loginSettings } from './login';
import { toolchainOf } from './toolchain';
import { renderWorkflow, type WorkflowInput } from './workflow';

export const deliveryEmitter: Emitter = {
  name: 'delivery',
  commit: 'delivery',
  applies: ({ manifest, profile }) => manifest.delivery !== undefined && profile.delivery !== undefined,
  emit,
  owned,
};

function workflowPath({ manifest, profile }: EmitContext): string {
  return `${(profile.delivery?.workflows ?? '').replace(/\/+$/, '')}/${manifest.name}.yml`;
}

function emit(context: EmitContext): Emission {
  const { manifest, profile, tree } = context;
  const { delivery } = manifest;
  const { source } = manifest.runtime;
  if (!delivery || !profile.delivery || source.kind !== 'build') return { edits: [] };
  const path = workflowPath(context);
  const folder = clean(delivery.path ?? source.context);
  const uses = actionReferences(tree, profile.delivery.workflows.replace(/\/+$/, ''), path);
  const chart = packagedChart(context);
  const promote = delivery.promote ? promotions(context) : [];
  const text = renderWorkflow({
    service: manifest.name,
    path,
    folder,
    context: clean(source.context),
    dockerfile: source.dockerfile === undefined ? undefined : `${clean(source.context)}/${source.dockerfile}`,
    image: `${profile.delivery.imageRegistry.replace(/\/+$/, '')}/${manifest.name}`,
    branch: profile.delivery.branch,
    runsOn: profile.delivery.runsOn,
    toolchain: toolchainOf(delivery, folder, tree, uses),
    uses,
    ...(chart ? { chart } : {}),
    ...(promote.length > 0 ? { promote } : {}),
  });
  if (tree.read(path) === text) return { edits: [] };
  return {
    edits: [{ kind: 'create', path, text }],
    findings: missing(context, folder, promote.length > 0),
    followUps: firstRun(context),
  };
}

/** The chart that is packaged: the service's own, where there is a registry for it. */
function packagedChart({ manifest, profile }: EmitContext): WorkflowInput['chart'] {
  const { kubernetes } = manifest.runtime;
  const registry = profile.delivery?.chartRegistry;
  if (!kubernetes || !profile.helm || registry === undefined || chartOf(manifest, profile) !== 'own') return undefined;
  return {
    folder: `${clean(profile.helm.charts)}/${manifest.name}`,
    values: profile.helm.environmentValues.replaceAll('{environment}', '*'),
    registry: registry.replace(/^oci:\/\//, '').replace(/\/+$/, ''),
  };
}

/** The values files that say which image an environment runs. A shared chart has one block for all of them, whose image is no digest of its own. */
function promotions({ manifest, profile }: EmitContext): NonNullable<WorkflowInput['promote']> {
  const { kubernetes } = manifest.runtime;
  const { helm } = profile;
  if (!kubernetes || !helm || chartOf(manifest, profile) !== 'own') return [];
  return helm.environments
    .filter((environment) => kubernetes.environments.includes(environment))
    .map((environment) => ({
      environment,
      file: `${clean(helm.charts)}/${manifest.name}/${environmentValues(helm, environment)}`,
      key: 'image.digest',
    }));
}

function missing({ manifest, tree, profile }: EmitContext, folder: string, promotes: boolean): Finding[] {
  const path = profile.delivery?.workflows ?? '';
  const findings: Finding[] = [];
  if (!tree.paths.some((one) => one.startsWith(`${folder}/`)))
    findings.push({
      kind: 'missing-path',
      path: folder,
      message: `The workflow of ${manifest.name} verifies and builds ${folder}, which is not in the repository yet.`,
    });
  if (manifest.delivery?.promote === true && !promotes)
    findings.push({
      kind: 'not-promoted',
      path,
      message: `${manifest.name} has no values of its own for an environment: a new image is built and signed, and put to use by hand.`,
    });
  return findings;
}

function firstRun({ manifest, profile }: EmitContext): FollowUp[] {
  const { imageRegistry = '', chartRegistry } = profile.delivery ?? {};
  const settings = loginSettings([imageRegistry, ...(chartRegistry === undefined ? [] : [chartRegistry])]);
  return [
    ...(settings.length > 0
      ? [
          {
            phase: 'resources' as const,
            key: 'delivery-settings',
            title: `Let the workflows push to ${imageRegistry}`,
            detail: `Set ${settings.join(', and ')} in the repository’s settings, unless they are there already.`,
          },
        ]
      : []),
    {
      phase: 'start',
      key: `deliver:${manifest.name}`,
      title: `See the first build of ${manifest.name} through`,
      detail:
        'The workflow runs on the merge. The first push makes the package in the registry: give the cluster leave to pull it.',
      command: `gh run watch "$(gh run list --workflow ${manifest.name}.yml --branch ${profile.delivery?.branch ?? 'main'} --limit 1 --json databaseId --jq '.[0].databaseId')"`,
    },
  ];
}

function owned(context: EmitContext): Ownership {
  const path = workflowPath(context);
  return { parts: context.tree.paths.includes(path) ? [{ kind: 'file', path }] : [] };
}

function clean(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '');
}
