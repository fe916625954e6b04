/** The file beside a chart that a generator looks for (`app-config.yaml`): its fields are those that most services there have. */
import { readYaml } from '../../observe/read-yaml';
import type { Emission, EmitContext, Finding, Tree } from '../../types';
import { asList, asRecord } from '../../yaml/read';
import { renderEntry, renderItem, type YamlValue } from '../../yaml/render';
import { learnStyle } from '../../yaml/style';
import { entryFor, type Sibling } from './entry';
import { finds, type GitGenerator } from './git-generators';

/** @param wanted which file is looked for, and by which generator. */
export function emitWantedFile(
  { manifest, tree }: EmitContext,
  chart: string,
  { generator, file }: { generator: GitGenerator; file: string },
): Emission {
  const path = `${chart}/${file}`;
  const siblings = siblingsOf(tree, generator, path);
  const model = readYaml(tree, siblings[0]?.path);
  if (!model || !/\.ya?ml$/.test(file))
    return {
      edits: [],
      findings: [
        {
          kind: 'argocd-left-out',
          path: generator.file,
          message: `${generator.file} makes an application for each ${generator.patterns.join(', ')}. Write ${path}: nothing there shows what it has to say.`,
        },
      ],
    };
  const { fields, doubtful } = entryFor(
    { service: manifest.name },
    { nameKey: undefined, environmentKey: undefined, siblings, perEnvironment: false },
  );
  const newline = model.text.includes('\r\n') ? '\r\n' : '\n';
  const style = learnStyle(model);
  const value = fields as { readonly [key: string]: YamlValue };
  const lines = Array.isArray(model.toJs())
    ? renderItem(value, 0, '', style)
    : Object.entries(value).flatMap(([key, one]) => renderEntry(key, one, 0, style));
  const text = [...(model.text.startsWith('---') ? ['---'] : []), ...lines].map((line) => line + newline).join('');
  const there = tree.read(path);
  if (there !== undefined && there !== text)
    return {
      edits: [],
      conflicts: [
        {
          kind: 'file',
          field: 'name',
          path,
          owner: manifest.name,
          message: `${path} is there already, and it differs from what this spec gives. Choose another name, or change the file there.`,
        },
      ],
    };
  return {
    edits: there === undefined ? [{ kind: 'create', path, text }] : [],
    findings: [
      {
        kind: 'argocd-generated',
        path: generator.file,
        message: `${generator.file} finds ${path} by itself (${generator.patterns.join(', ')}). Whether prod syncs by itself is up to its template.`,
      },
      ...guessed(path, doubtful),
    ],
  };
}

function guessed(path: string, doubtful: readonly string[]): Finding[] {
  if (doubtful.length === 0) return [];
  return [
    {
      kind: 'argocd-guessed',
      path,
      message: `The files like it do not agree on ${doubtful.join(', ')}: this one got what most have. Look at it before you merge.`,
    },
  ];
}

/** The same file of other charts. */
function siblingsOf(tree: Tree, generator: GitGenerator, own: string): (Sibling & { path: string })[] {
  const name = own.slice(own.lastIndexOf('/'));
  return tree.paths
    .filter((path) => path !== own && path.endsWith(name) && finds(generator, path))
    .flatMap((path) => {
      const folder = path.slice(0, -name.length);
      const whole = readYaml(tree, path)?.toJs();
      // A list makes an application of each of its items: only one is of the whole service.
      const fields = asRecord(asList(whole)?.length === 1 ? asList(whole)?.[0] : whole);
      if (!fields || tree.read(`${folder}/Chart.yaml`) === undefined) return [];
      const service = folder.slice(folder.lastIndexOf('/') + 1);
      return [{ path, key: service, service, environment: undefined, fields }];
    });
}
