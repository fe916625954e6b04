/** Which service a new one stands behind: among its relatives, not inside another project's banner, not between a service and its helper. */
import type { ComposeFile, ComposeService } from '../../observe/compose-file';
import { segments, sharedSegments } from '../../observe/kinship';
import type { EmitContext } from '../../types';
import { bannerBefore, commentsAbove } from '../../yaml/gap';
import type { Entry } from '../../yaml/locate';

/** The service to stand behind; undefined where the file has none. Of equally near ones the last. */
export function chooseNeighbour(
  { manifest, profile }: EmitContext,
  text: string,
  file: ComposeFile,
  entries: readonly Entry[],
): ComposeService | undefined {
  const namespace = profile.naming.labelNamespace;
  const prefix = profile.naming.containerPrefix;
  const prefixed = file.services.filter((service) => service.containerName?.startsWith(prefix)).length;
  const banners = bannersOf(text, entries);
  let best: { index: number; score: number } | undefined;
  entries.forEach((entry, index) => {
    const service = file.services.find((one) => one.name === entry.key);
    if (!service || service.name === manifest.name) return;
    const score = nearness(service, banners[index] ?? '');
    if (!best || score >= best.score) best = { index, score };
  });
  if (!best) return undefined;
  let index = best.index;
  const head = segments(String(entries[index]?.key))[0];
  // n8n-worker stays with n8n, a helper with what it helps.
  while (banners[index + 1] === banners[index] && head !== undefined) {
    const next = entries[index + 1];
    if (next === undefined || segments(String(next.key))[0] !== head || next.key === manifest.name) break;
    index += 1;
  }
  return file.services.find((service) => service.name === entries[index]?.key);

  function nearness(service: ComposeService, banner: string): number {
    const foreign =
      /\bproject\b/i.test(banner) ||
      (prefix !== '' && prefixed * 2 > file.services.length && service.containerName?.startsWith(prefix) === false);
    const workload = namespace === undefined ? undefined : service.labels[`${namespace}.workload`];
    const aside = service.fields['profiles'] !== undefined || /helper|sidecar|-init$/.test(service.name);
    return (
      (foreign ? -200 : 0) +
      (workload === manifest.category ? 100 : 0) +
      40 * sharedSegments(service.name, manifest.name) +
      (segments(service.name).at(-1) === segments(manifest.name).at(-1) ? 20 : 0) +
      (segments(banner).some((word) => segments(manifest.category).includes(word)) ? 30 : 0) +
      (manifest.runtime.dependsOn.includes(service.name) ? 15 : 0) -
      (aside ? 10 : 0)
    );
  }
}

/** For each entry the banner that it stands under, the nearest above it. */
function bannersOf(text: string, entries: readonly Entry[]): string[] {
  let current = '';
  return entries.map((entry, index) => {
    const from = entries[index - 1]?.end ?? commentsAbove(text, entry.start);
    current = bannerBefore(text, entry, from) ?? current;
    return current;
  });
}
