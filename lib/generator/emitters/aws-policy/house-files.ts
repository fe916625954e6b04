/** How files of one kind are called in a folder with one for each service, and how they are indented: as the ones that are there. */
import { baseName, folderOf, mostCommon } from '../../detect/guess';
import type { Tree } from '../../types';

export interface HouseFiles {
  /** Where a service's file goes. */
  pathOf(service: string): string;
  /** The other files of the folder with their texts. */
  siblings: { path: string; text: string }[];
}

/**
 * @param endings the kinds of file that count, the usual one first: `.yaml`, `.yml`.
 * @param isOne whether a text is such a file.
 * @param services names by which to tell a file's own ending (`bifrost-policy.json`) from the service's name.
 */
export function houseFiles(
  tree: Tree,
  folder: string,
  endings: readonly [string, ...string[]],
  isOne: (text: string) => boolean,
  services: readonly string[],
): HouseFiles {
  const root = folder.replace(/\/+$/, '');
  const siblings = tree.paths
    .filter((path) => folderOf(path) === root && endings.some((ending) => path.endsWith(ending)))
    .flatMap((path) => {
      const text = tree.read(path);
      return text !== undefined && isOne(text) ? [{ path, text }] : [];
    });
  const forms = siblings.flatMap(({ path }) => {
    const name = baseName(path);
    const service = services.filter((one) => name.includes(one)).sort((a, b) => b.length - a.length)[0];
    return service === undefined ? [] : [name.replace(service, '{service}')];
  });
  const ending = mostCommon(siblings.map(({ path }) => path.slice(path.lastIndexOf('.'))))?.value ?? endings[0];
  const form = mostCommon(forms)?.value ?? `{service}${ending}`;
  return { pathOf: (service) => `${root}/${form.replace('{service}', service)}`, siblings };
}

/** One step of indentation of these texts; two blanks where they show none. */
export function indentOfFiles(texts: readonly string[]): string {
  return mostCommon(texts.flatMap((text) => /\n([ \t]+)\S/.exec(text)?.[1] ?? []))?.value ?? '  ';
}
