/** The Compose files that take a service, and the projects they belong to: what Compose sees when it runs such a file. */
import { spiffeNamesOf } from '../../naming';
import { joinPath, readComposeFile, type ComposeFile, type ComposeService } from '../../observe/compose-file';
import { includedFiles } from '../../observe/includes';
import { readYaml } from '../../observe/read-yaml';
import { profilePath } from '../../profile';
import type { Conflict, EmitContext } from '../../types';
import { asList, asRecord, asText } from '../../yaml/read';

export interface ComposeTarget {
  path: string;
  /** Whether the file is the service's own, to be made where it is not there yet. */
  own?: true;
  /** The file that includes this one, where a stack keeps each service in a file of its own. */
  includedBy?: string;
  /** Name of the stack in the profile; undefined for the root file. */
  stack?: string;
}

/**
 * The files a service goes to: the stack that it names, else its category's, else a file of its own where the platform keeps one for each service,
 * else the default stack, else the root file. Root and stacks are alternatives: both only where the spec asks for it (`alsoInRoot`), the stack first.
 * @returns no targets where the profile names no file at all; a conflict where what is asked for is not in the profile.
 */
export function chooseTargets({ manifest, profile }: EmitContext): { targets: ComposeTarget[]; conflicts: Conflict[] } {
  const { compose } = profile;
  if (!compose) return { targets: [], conflicts: [] };
  const asked = manifest.runtime.compose?.stack;
  const named = asked ?? profile.categories[manifest.category]?.stack;
  const stack = named ?? (compose.perService === undefined ? compose.defaultStack : undefined);
  const path = stack === undefined ? undefined : compose.stacks[stack];
  const into = (file: string): ComposeTarget => {
    const piece = compose.pieces[file]?.replaceAll('{service}', manifest.name);
    return piece === undefined ? { path: file } : { path: piece, own: true, includedBy: file };
  };
  const root = compose.root === undefined ? [] : [into(compose.root)];
  const alsoInRoot = manifest.runtime.compose?.alsoInRoot ?? false;
  if (alsoInRoot && root.length === 0)
    return {
      targets: [],
      conflicts: [
        {
          kind: 'file',
          field: 'runtime.compose.alsoInRoot',
          path: profilePath,
          message:
            'The profile names no root Compose file that the service could stand in as well. Leave `alsoInRoot` out.',
        },
      ],
    };
  if (stack !== undefined && path !== undefined)
    return { targets: [{ ...into(path), stack }, ...(alsoInRoot && path !== compose.root ? root : [])], conflicts: [] };
  if (named === undefined && compose.perService !== undefined) {
    const own = { path: compose.perService.replaceAll('{service}', manifest.name), own: true } as const;
    return { targets: [own, ...(alsoInRoot ? root : [])], conflicts: [] };
  }
  if (asked === undefined) return { targets: root, conflicts: [] };
  const known = Object.keys(compose.stacks);
  const message = `There is no stack ${asked}${known.length > 0 ? `; there are ${known.join(', ')}` : ''}. Choose one of the profile's stacks, or none for the category's own.`;
  return { targets: [], conflicts: [{ kind: 'name', field: 'runtime.compose.stack', path: profilePath, message }] };
}

/** The Compose services that are the spec's own: itself and its SPIFFE helper. They are nobody's model and no neighbours. */
export function ownNames({ manifest, profile }: EmitContext): Set<string> {
  const names = spiffeNamesOf(manifest, profile);
  return new Set([manifest.name, ...(names ? [names.helper] : [])]);
}

/** A Compose project: the file and everything that it includes. */
export interface ComposeProject {
  file: ComposeFile;
  included: ComposeFile[];
}

/** Reads the project of a file, included files and theirs with it; those that cannot be read are left out. */
export function readProject(context: Pick<EmitContext, 'tree'>, file: ComposeFile): ComposeProject {
  return { file, included: includedFiles(context.tree, file) };
}

/** The project of a file that others include: theirs. What a stack declares, its pieces use. */
export function projectAround(context: EmitContext, file: ComposeFile, includedBy: string | undefined): ComposeProject {
  const own = readProject(context, file);
  const yaml = readYaml(context.tree, includedBy);
  if (!yaml) return own;
  const around = readProject(context, readComposeFile(yaml));
  const known = new Set([file.path, ...own.included.map((one) => one.path)]);
  const others = [around.file, ...around.included].filter((one) => !known.has(one.path));
  return { file, included: [...own.included, ...others] };
}

/** The services of a project. */
export function projectServices({ file, included }: ComposeProject): ComposeService[] {
  return [file, ...included].flatMap((one) => one.services);
}

/** The services beside a new one: those of its file, else those of the files that this includes. */
export function siblingsIn(context: EmitContext, { file, included }: ComposeProject): ComposeService[] {
  const own = ownNames(context);
  const others = (services: readonly ComposeService[]) => services.filter((service) => !own.has(service.name));
  const here = others(file.services);
  return here.length > 0 ? here : others(included.flatMap((one) => one.services));
}

/** Whether a project declares a network or a volume. */
export function declares({ file, included }: ComposeProject, kind: 'networks' | 'volumes', name: string): boolean {
  return [file, ...included].some((one) => one[kind].has(name));
}

/**
 * How a path of the repository is written in a file: relative to the file's folder, as Compose reads it, unless the paths that stand there
 * lead somewhere only from the repository's root (people run it with `--project-directory`).
 */
export function relativePath({ tree }: EmitContext, file: ComposeFile, path: string): string {
  const folder = file.path.split('/').slice(0, -1);
  const relative = bindSources(file).filter((source) => /^\.{1,2}(?:\/|$)/.test(source));
  const fromFolder = new Set(relative.map((source) => joinPath(file.path, source)));
  const fromRoot = new Set(relative.map((source) => joinPath('', source)));
  const found = folder.length === 0 ? new Set<string>() : known(tree.paths, new Set([...fromFolder, ...fromRoot]));
  const count = (candidates: ReadonlySet<string>) => [...candidates].filter((one) => found.has(one)).length;
  const clean = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  const up = count(fromRoot) > count(fromFolder) ? 0 : folder.length;
  if (up === 0) return clean === '.' || clean === '' ? '.' : `./${clean}`;
  const parts = clean === '.' || clean === '' ? [] : clean.split('/');
  const different = folder.findIndex((part, index) => part !== parts[index]);
  const same = different === -1 ? folder.length : different;
  const climb = Array.from({ length: up - same }, () => '..');
  return [...(climb.length === 0 ? ['.'] : climb), ...parts.slice(same)].join('/');
}

/** Those of the candidates that are files or folders of the repository. One pass over its paths: there may be ten thousands. */
function known(paths: readonly string[], candidates: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  if (candidates.size === 0) return found;
  for (const path of paths)
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const start = path.slice(0, end);
      if (candidates.has(start)) found.add(start);
    }
  return found;
}

function bindSources(file: ComposeFile): string[] {
  return file.services.flatMap((service) => {
    const mounts = (asList(service.fields['volumes']) ?? []).map(mountSource);
    const build = service.fields['build'];
    return [...mounts, asText(build) ?? asText(asRecord(build)?.['context'])].filter((source) => source !== undefined);
  });
}

/** What a mount takes from the host or from a named volume, short or long form. */
export function mountSource(mount: unknown): string | undefined {
  const long = asRecord(mount);
  return long ? asText(long['source']) : asText(mount)?.split(':')[0];
}
