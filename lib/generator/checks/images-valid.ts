/** Image names that were added or altered are ones that a registry understands, and name a version. */
import { readComposeFiles } from '../observe/compose-files';
import { readYaml } from '../observe/read-yaml';
import { readComposeFile } from '../observe/compose-file';
import { asRecord, asText } from '../yaml/read';
import { plural, verdict, type Check, type CheckInput } from './check';

/** The distribution's grammar of references, without the limits of length: `[host[:port]/]path[:tag][@digest]`. */
const PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const HOST =
  '(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?';
const REFERENCE = new RegExp(
  `^(?:${HOST}/)?${PART}(?:/${PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$`,
);
const LONGEST_NAME = 255;

interface UsedImage {
  where: string;
  image: string;
}

export const imagesValid: Check = {
  id: 'images-valid',
  name: 'Image names are valid',
  run(input) {
    const used = [...inCompose(input), ...inValues(input)];
    const faults = used.flatMap(({ where, image }) => {
      const fault = imageFault(image);
      return fault === undefined ? [] : [`${where}: the image “${image}” ${fault}.`];
    });
    return verdict(
      faults,
      `${plural(used.length, 'image')} by the rules of registries.`,
      used.map(({ where, image }) => `${where}  ${image}`),
    );
  },
};

/** What is wrong with an image's name; undefined where nothing is. Variables of Compose stand for anything that is valid there. */
export function imageFault(image: string): string | undefined {
  const filled = image.replace(/\$\{[^}]*\}|\$[A-Za-z_]\w*/g, 'x');
  const name = filled.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  if (name.length > LONGEST_NAME) return `is longer than the ${LONGEST_NAME} characters that registries take`;
  if (REFERENCE.test(filled)) return undefined;
  return /[A-Z]/.test(name.slice(name.indexOf('/') + 1))
    ? 'has capital letters, which registries do not take'
    : 'is not one that a registry takes';
}

function inCompose({ plan, profile, tree, after }: CheckInput): UsedImage[] {
  const touched = new Set(plan.files.map(({ path }) => path));
  return readComposeFiles(after, profile)
    .filter(({ path }) => touched.has(path))
    .flatMap(({ path, file }) => {
      const yaml = readYaml(tree, path);
      const old = new Map((yaml ? readComposeFile(yaml).services : []).map(({ name, image }) => [name, image]));
      return file.services.flatMap(({ name, line, image }) =>
        image === undefined || old.get(name) === image ? [] : [{ where: `${path}:${line}`, image }],
      );
    });
}

/** `image.repository` and `image.tag` of a chart's values. */
function inValues({ plan, tree, after }: CheckInput): UsedImage[] {
  const imageOf = (from: typeof tree, path: string): string | undefined => {
    const image = asRecord(asRecord(readYaml(from, path)?.toJs())?.['image']);
    const repository = asText(image?.['repository']);
    if (repository === undefined || repository === '') return undefined;
    const tag = asText(image?.['tag']);
    return tag === undefined || tag === '' ? repository : `${repository}:${tag}`;
  };
  return plan.files.flatMap(({ path }) => {
    if (!/(?:^|\/)values[\w.-]*\.ya?ml$/.test(path)) return [];
    const image = imageOf(after, path);
    return image === undefined || image === imageOf(tree, path) ? [] : [{ where: path, image }];
  });
}
