/** The values of one environment (`values-prod.yaml`): what differs in one environment: host, AWS role, where people come back to after signing in, the cost tag. */
import type { Environment } from '@/lib/services/manifest-kubernetes';
import { environmentName } from '../../chart-environments';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import type { Style } from '../../yaml/style';
import { entryOf, hostIn, type HelmProfile } from './access';
import { chartPorts, costLabels } from './values';
import { renderSections, type Section } from './values-file';
import { environmentVariables } from './variables';

/** The text of the file. */
export function renderEnvironmentValues(
  manifest: ResolvedManifest,
  profile: Profile & { helm: HelmProfile },
  environment: Environment,
  style: Style,
): string {
  const { helm } = profile;
  const host = hostIn(environment, manifest, helm, chartPorts(manifest.ports).ports);
  const role = manifest.runtime.kubernetes?.roleArns[environment];
  const variables = environmentVariables(manifest, helm, environment);
  const sections: Section[] = [
    ...(host === undefined ? [] : [{ entries: { [entryOf(helm)]: { enabled: true, host } } }]),
    ...(role === undefined
      ? []
      : [{ entries: { serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': role } } } }]),
    ...(Object.keys(variables).length === 0 ? [] : [{ entries: { env: variables } }]),
    { entries: { costLabels: costLabels(manifest, profile, environment) } },
  ];
  return renderSections(
    `${manifest.name} in ${environmentName(helm, environment)}: what differs from values.yaml.`,
    sections,
    style,
  );
}
