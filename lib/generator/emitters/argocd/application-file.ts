/** The text of an Application, written the way its siblings are. */
import { renderEntry, type YamlValue } from '../../yaml/render';
import { isProduction } from '../../chart-environments';
import { learnStyle } from '../../yaml/style';
import type { ApplicationFacts } from './house';

/** @param of which service's chart, in which environment where there are several, in which project of Argo CD, with which values files. */
export function renderApplication(
  facts: ApplicationFacts,
  of: {
    service: string;
    environment: string | undefined;
    chart: string;
    project: string;
    valueFiles: readonly string[];
  },
): string {
  const style = learnStyle(facts.model.yaml);
  const { namespace, ...metadata } = facts.metadata;
  const spec: Record<string, unknown> = {
    project: of.project,
    source: {
      repoURL: facts.repoURL,
      targetRevision: facts.targetRevision,
      path: of.chart,
      ...(of.valueFiles.length > 0 ? { helm: { releaseName: of.service, valueFiles: [...of.valueFiles] } } : {}),
    },
    destination: facts.destination,
    ...(facts.syncPolicy ? { syncPolicy: facts.syncPolicy } : {}),
    ...(facts.revisionHistoryLimit === undefined ? {} : { revisionHistoryLimit: facts.revisionHistoryLimit }),
  };
  const document: Record<string, unknown> = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: facts.name, namespace, ...metadata },
    spec,
  };
  const lines = Object.entries(document).flatMap(([key, value]) => renderEntry(key, value as YamlValue, 0, style));
  if (isProduction(of.environment)) {
    const margin = ' '.repeat(style.mapIndent);
    const at = lines.indexOf(`${margin}syncPolicy:`);
    lines.splice(at === -1 ? lines.length : at, 0, `${margin}# ${of.environment} is synced by a person`);
  }
  const newline = facts.model.yaml.text.includes('\r\n') ? '\r\n' : '\n';
  return lines.map((line) => line + newline).join('');
}
