/** `Chart.yaml`, which is also what an OCI registry shows of the chart: Helm copies description, home, sources and maintainers to the artifact. */
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { renderEntry, type YamlValue } from '../../yaml/render';
import type { Style } from '../../yaml/style';
import { chartImage } from './values';

/** The text of `Chart.yaml`. The version of what runs is the image's tag. */
export function renderChart(
  manifest: ResolvedManifest,
  profile: Profile,
  { style, runbook }: { style: Style; runbook: string | undefined },
): string {
  const image = chartImage(manifest, profile);
  const maintainers = manifest.maintainers.map((maintainer): YamlValue =>
    maintainer.includes('@') && !maintainer.startsWith('@')
      ? { name: maintainer.split('@')[0] ?? maintainer, email: maintainer }
      : { name: maintainer },
  );
  const source = repositoryUrl(profile.runbooks?.baseUrl);
  const entries: [string, YamlValue][] = [
    ['apiVersion', 'v2'],
    ['name', manifest.name],
    ['description', manifest.purpose],
    ['type', 'application'],
    ['version', '0.1.0'],
    ['appVersion', image.tag || image.digest.replace(/^sha256:/, '').slice(0, 12) || '0.1.0'],
    ['keywords', [manifest.category]],
    ...(runbook?.startsWith('http') ? ([['home', runbook]] as [string, YamlValue][]) : []),
    ...(source === undefined ? [] : ([['sources', [source]]] as [string, YamlValue][])),
    ...(maintainers.length > 0 ? ([['maintainers', maintainers]] as [string, YamlValue][]) : []),
    ['annotations', { 'org.opencontainers.image.vendor': profile.platform.name }],
  ];
  return `${entries.flatMap(([key, value]) => renderEntry(key, value, 0, style)).join('\n')}\n`;
}

/** The repository's own address, from that of its files: `https://github.com/ravenhelm/platform` of `…/blob/main`. */
function repositoryUrl(baseUrl: string | undefined): string | undefined {
  const match = baseUrl === undefined ? null : /^(https?:\/\/.+?)\/(?:-\/)?(?:blob|tree|src|raw)\//.exec(`${baseUrl}/`);
  return match?.[1];
}
