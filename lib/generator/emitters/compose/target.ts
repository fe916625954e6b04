/** The Compose file that takes a service, and the project it belongs to: what Compose sees when it runs that file. */
import { joinPath, readComposeFile, type ComposeFile, type ComposeService } from '../../observe/compose-file';
import { readYaml } from '../../observe/read-yaml';
import type { EmitContext } from '../../types';

export interface ComposeTarget {
  path: string;
  /** Name of the stack in the profile; undefined for the root file. */
  stack?: string;
}

/**
 * The file a service goes to: its own stack, else its category's, else the default one, else the root file. Root and stacks are
 * alternatives, and only one of them is ever written.
 * @returns `unknown` where a stack is named that the profile does not have, `none` where the profile names no file at all.
 */
export function chooseTarget({ manifest, profile }: EmitContext): ComposeTarget | { unknown: string } | 'none' {
  const compose = profile.compose;
  if (!compose) return 'none';
  const asked = manifest.runtime.compose?.stack;
  const stack = asked ?? profile.categories[manifest.category]?.stack ?? compose.defaultStack;
  const path = stack === undefined ? undefined : compose.stacks[stack];
  if (stack !== undefined && path !== undefined) return { path, stack };
  if (asked !== undefined) return { unknown: asked };
  return compose.root === undefined ? 'none' : { path: compose.root };
}

/** A Compose project: the file and everything that it includes. */
export interface ComposeProject {
  file: ComposeFile;
  included: ComposeFile[];
}

/** Reads the project of a file, included files and theirs with it; those that cannot be read are left out. */
export function readProject(context: EmitContext, file: ComposeFile): ComposeProject {
  const included: ComposeFile[] = [];
  const waiting = [...file.includes];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (path === file.path || included.some((one) => one.path === path)) continue;
    const yaml = readYaml(context.tree, path);
    if (!yaml) continue;
    const one = readComposeFile(yaml);
    included.push(one);
    waiting.push(...one.includes);
  }
  return { file, included };
}

/** The services of a project. */
export function projectServices({ file, included }: ComposeProject): ComposeService[] {
  return [file, ...included].flatMap((one) => one.services);
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
  const known = (candidate: string): boolean =>
    candidate !== '' && tree.paths.some((one) => one === candidate || one.startsWith(`${candidate}/`));
  const relative = bindSources(file).filter((source) => /^\.{1,2}(?:\/|$)/.test(source));
  const fromFolder = relative.filter((source) => known(joinPath(file.path, source))).length;
  const fromRoot = relative.filter((source) => known(joinPath('', source))).length;
  const clean = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  const up = fromRoot > fromFolder ? 0 : folder.length;
  if (up === 0) return clean === '.' || clean === '' ? '.' : `./${clean}`;
  const shared = clean.split('/').findIndex((part, index) => part !== folder[index]);
  const same = Math.min(shared === -1 ? clean.split('/').length : shared, up);
  const rest = clean === '.' ? [] : clean.split('/').slice(same);
  const climb = Array.from({ length: up - same }, () => '..');
  return climb.length === 0 ? ['.', ...rest].join('/') : [...climb, ...rest].join('/');
}

function bindSources(file: ComposeFile): string[] {
  return file.services.flatMap((service) => {
    const volumes = Array.isArray(service.fields['volumes']) ? (service.fields['volumes'] as unknown[]) : [];
    const build = service.fields['build'];
    const context = typeof build === 'object' && build !== null ? (build as Record<string, unknown>)['context'] : build;
    return [
      ...volumes.map((volume) => (typeof volume === 'string' ? (volume.split(':')[0] ?? '') : '')),
      context,
    ].filter((source): source is string => typeof source === 'string');
  });
}
