/** Which Compose files include a file for each of their services, and what those are called. */
import { readComposeFile, type ComposeFile } from '../observe/compose-file';
import { includesOf } from '../observe/includes';
import { readYaml } from '../observe/read-yaml';
import type { Tree } from '../types';
import { mostCommon } from './guess';

export interface Pieces {
  /** `compose/hs/{service}.yml` */
  template: string;
  like: number;
  of: number;
}

/**
 * The pieces by the path of the file that includes them. A file counts where most of its services stand in pieces, and most of those are called after
 * a service in them.
 */
export function findPieces(tree: Tree, files: readonly ComposeFile[]): Map<string, Pieces> {
  const found = new Map<string, Pieces>();
  for (const file of files) {
    const pieces = includesOf(tree, file).flatMap((path) => {
      const yaml = readYaml(tree, path);
      const piece = yaml && readComposeFile(yaml);
      return piece && piece.services.length > 0 ? [piece] : [];
    });
    const template = mostCommon(pieces.flatMap((piece) => templateOf(piece) ?? []));
    const services = pieces.reduce((sum, piece) => sum + piece.services.length, 0);
    if (!template || template.count < 2 || template.count * 2 < pieces.length || services <= file.services.length)
      continue;
    found.set(file.path, { template: template.value, like: template.count, of: pieces.length });
  }
  return found;
}

/** A piece's path with its service's name taken out: of the file's own name, or of its folder's. */
function templateOf({ path, services }: ComposeFile): string | undefined {
  const names = new Set(services.flatMap(({ name, containerName }) => [name, containerName]));
  const parts = path.split('/');
  const [, stem = '', ending = ''] = /^(.*?)(\.ya?ml)$/i.exec(parts.at(-1) ?? '') ?? [];
  if (names.has(stem)) return [...parts.slice(0, -1), `{service}${ending}`].join('/');
  return names.has(parts.at(-2)) ? [...parts.slice(0, -2), '{service}', parts.at(-1)].join('/') : undefined;
}
