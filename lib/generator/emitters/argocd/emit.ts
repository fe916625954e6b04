/**
 * How Argo CD gets to know of a service's chart: an Application per environment, or the entry in an ApplicationSet or an app-of-apps, whichever the
 * repository has. What is in Git is synced by itself, except in prod: there a person syncs (shared-service requirements, section 4).
 */
import { escapeRegExp } from '../../escape-reg-exp';
import type { Emission, EmitContext, Emitter, Finding } from '../../types';
import { asRecord, asText } from '../../yaml/read';
import { chartOf } from '../chart-choice';
import { environmentNames } from '../../chart-environments';
import { chartFolder } from '../helm-chart/emit';
import { manifestsOf } from './applications';
import { emitEntries } from './entries';
import { emitFiles, siblingsOf } from './files';
import { owned } from './owned';
import { chartFileNames, elsewhereFinding, generatedFinding, generatorOf, generatorWanting } from './generators';
import { entryTargets } from './sets';
import { sharedChartFindings } from './shared';
import { emitWantedFile } from './wanted-file';

export const argoCdEmitter: Emitter = {
  name: 'argocd',
  commit: 'runtime',
  applies: ({ manifest, profile }) =>
    manifest.runtime.kubernetes !== undefined && profile.helm !== undefined && profile.argocd !== undefined,
  emit,
  owned,
};

function emit(context: EmitContext): Emission {
  const { manifest, profile, tree } = context;
  const { argocd, helm } = profile;
  const { kubernetes } = manifest.runtime;
  if (!argocd || !helm || !kubernetes) return { edits: [] };
  const environments = [...new Set(kubernetes.environments)].filter((one) => helm.environments.includes(one));
  if (chartOf(manifest, profile) === 'shared')
    return { edits: [], findings: sharedChartFindings(context, environmentNames(helm, environments)) };
  const chart = chartFolder(helm, manifest.name);
  const named = argocd.entries?.file;
  const targets = named !== undefined || siblingsOf(context).length === 0 ? entryTargets(tree, profile) : [];
  if (named !== undefined && targets.length === 0)
    return {
      edits: [],
      refusals: [
        {
          path: named,
          reason: `There is no list or map there that takes an entry for each service${argocd.entries?.section === undefined ? '' : ` at ${argocd.entries.section}`}. Correct argocd.entries in the profile, or add ${manifest.name} by hand.`,
        },
      ],
    };
  const names = environmentNames(helm, environments);
  if (named !== undefined) return emitEntries(context, targets, names);
  const generator = generatorOf(tree, chart, chartFileNames(helm));
  if (generator) return { edits: [], findings: [generatedFinding(generator, chart)] };
  const wanting = generatorWanting(tree, chart);
  if (wanting) return emitWantedFile(context, chart, wanting);
  const elsewhere = elsewhereFinding(tree, chart);
  if (elsewhere) return { edits: [], findings: [elsewhere] };
  const files = emitFiles(context, environments, chart);
  if (files) return files;
  if (targets.length > 0) return emitEntries(context, targets, names);
  return { edits: [], findings: [leftOut(context)] };
}

function leftOut({ manifest, profile, tree }: EmitContext): Finding {
  const folder = profile.argocd?.applications.replace(/\/+$/, '') ?? '';
  const charts = profile.helm?.charts.replace(/\/+$/, '') ?? '';
  const ownSet = manifestsOf(tree, 'ApplicationSet').find(({ object }) => {
    const template = asRecord(asRecord(object['spec'])?.['template']);
    const source = asRecord(asRecord(template?.['spec'])?.['source']);
    return new RegExp(`^${escapeRegExp(charts)}/[\\w.-]+/?$`).test(asText(source?.['path']) ?? '');
  });
  if (ownSet)
    return {
      kind: 'argocd-left-out',
      path: ownSet.path,
      message: `Each service there has an ApplicationSet of its own, such as ${ownSet.path}: Slipway does not write those. Copy it for ${manifest.name}, with values files that its chart has.`,
    };
  const several = manifestsOf(tree, 'Application', folder).find(({ object }) =>
    JSON.stringify(object['spec'] ?? {}).includes('"sources":'),
  );
  const why = several
    ? `The applications there have several sources (${several.path})`
    : 'No application there names this repository, and no ApplicationSet lists services';
  return {
    kind: 'argocd-left-out',
    path: folder,
    message: `${why}, so that none was written for ${manifest.name}. Write its application by hand.`,
  };
}
