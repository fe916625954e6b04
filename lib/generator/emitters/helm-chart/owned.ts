/** The service's chart, as it stands now: everything in its folder. Charts that build on it stand in the way; those that only name it are told. */
import type { Conflict, EmitContext, Finding, Ownership, Tree } from '../../types';

export function owned({ manifest, profile, tree }: EmitContext): Ownership {
  if (!profile.helm) return { parts: [] };
  const charts = `${profile.helm.charts.replace(/\/+$/, '')}/`;
  const folder = `${charts}${manifest.name}/`;
  const present = tree.paths.filter((path) => path.startsWith(folder));
  if (present.length === 0) return { parts: [] };
  const others = tree.paths.filter((path) => path.startsWith(charts) && !path.startsWith(folder));
  return {
    parts: present.map((path) => ({ kind: 'file', path })),
    conflicts: dependents(tree, others, manifest.name),
    kept: mentions(tree, others, manifest.name),
  };
}

/** Charts that have this one for a part. */
function dependents(tree: Tree, paths: readonly string[], service: string): Conflict[] {
  const repository = new RegExp(`^\\s*(?:-\\s*)?repository:\\s*["']?file://[^\\s"']*/${service}/?["']?\\s*$`);
  return paths
    .filter((path) => /\/Chart\.ya?ml$/.test(path))
    .flatMap((path) =>
      linesOf(tree, path, repository).map((line) => ({
        kind: 'name',
        field: 'name',
        path,
        line,
        owner: path.split('/').at(-2) ?? path,
        message: `This chart depends on that of ${service} (${path}:${line}). Take the dependency out first.`,
      })),
    );
}

/** Addresses and network policies of other charts that name the service: without it they lead nowhere. */
function mentions(tree: Tree, paths: readonly string[], service: string): Finding[] {
  const named = new RegExp(`//${service}(?=[.:/"'\\s]|$)|\\bservice:\\s*["']?${service}["']?\\s*$`);
  return paths
    .filter((path) => /\/values[^/]*\.ya?ml$/.test(path))
    .flatMap((path) =>
      linesOf(tree, path, named).map((line) => ({
        kind: 'refers-to-service',
        path,
        line,
        message: `This line still names ${service}; it stays.`,
      })),
    );
}

function linesOf(tree: Tree, path: string, pattern: RegExp): number[] {
  return (tree.read(path) ?? '').split(/\r?\n/).flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
}
