/** Guesses where images and charts are pushed to, from the workflows that push some. */
import type { Tree } from '../types';
import { mostCommon, type Guesses } from './guess';

const FOLDER = '.github/workflows';
const IMAGES =
  /\b(ghcr\.io\/[a-z0-9][\w.-]*(?:\/[\w.-]+)*|\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\/[\w.-]+)*)\/[\w.-]+/gi;
const CHARTS = /\boci:\/\/([\w.-]+(?::\d+)?(?:\/[\w.-]+)*)/gi;

/** The group `delivery` as far as it can be told; undefined where no workflow pushes an image. */
export function detectDelivery(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const workflows = tree.paths.filter((path) => path.startsWith(`${FOLDER}/`) && /\.ya?ml$/.test(path));
  const texts = workflows.map((path) => tree.read(path) ?? '');
  const find = (shape: RegExp) =>
    mostCommon(
      texts.flatMap((text) => [...text.matchAll(shape)].flatMap(([, registry]) => registry?.toLowerCase() ?? [])),
    );
  const images = find(IMAGES);
  if (!images) return undefined;
  guesses.note(
    'delivery.imageRegistry',
    images.value,
    `${images.count} of ${images.of} images in ${FOLDER} are pushed there`,
    workflows[0],
  );
  const charts = find(CHARTS);
  if (charts)
    guesses.note('delivery.chartRegistry', charts.value, `charts are pushed to oci://${charts.value}`, workflows[0]);
  const branch = mostCommon(
    texts.flatMap((text) =>
      [...text.matchAll(/branches:\s*(?:\[\s*|\n\s*-\s*)["']?([\w./-]+)/g)].flatMap(([, name]) => name ?? []),
    ),
  );
  return {
    workflows: FOLDER,
    imageRegistry: images.value,
    ...(charts ? { chartRegistry: charts.value } : {}),
    ...(branch ? { branch: branch.value } : {}),
  };
}
