/** Guesses about what people read: the runbooks' folder and how its files are named, their catalog, the architecture index, a README that lists services. */
import { outlineOf } from '../markdown/outline';
import { learnFileName } from '../observe/runbook-naming';
import type { Tree } from '../types';
import { baseName, folderOf, isInUse, known, mostCommon, shallowest, type Guesses } from './guess';

export function detectRunbooks(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const pages = tree.paths.filter((path) => /\.(?:md|markdown)$/i.test(path) && isInUse(path));
  const found = detectFolder(pages);
  if (!found) return undefined;
  const { folder, fileName } = found;
  guesses.note('runbooks.folder', folder, `${found.count} runbooks are in it`, folder);
  guesses.note('runbooks.fileName', fileName, 'most files there are named so', folder);
  const catalog = shallowest(
    pages.filter(
      (path) =>
        /runbook.*(catalog|index|list)|(catalog|index).*runbook/i.test(baseName(path)) &&
        /^\s*(?:[|*-]|\d+\.).*(?:RUNBOOK-\d+|runbooks?\/)/im.test(tree.read(path) ?? ''),
    ),
  );
  guesses.note('runbooks.catalog', catalog, 'it lists runbooks', catalog);
  const index = shallowest(pages.filter((path) => /architecture[_-]?index/i.test(baseName(path))));
  guesses.note('runbooks.architectureIndex', index, 'its name says so', index);
  return known({
    folder,
    catalog,
    architectureIndex: index,
    fileName,
    readme: detectReadme(tree, guesses),
    baseUrl: detectBaseUrl(tree, folder, guesses),
  });
}

/** The folder with most numbered pages, else one that is called after runbooks; and how its files are named. */
function detectFolder(pages: readonly string[]): { folder: string; fileName: string; count: number } | undefined {
  const written = pages.filter((path) => !/^(?:_|(?:readme|index|catalog)\.)/i.test(baseName(path)));
  const numbered = written.filter(
    // A number alone names many things: only among runbooks is it theirs.
    (path) => /^(?:runbook|rb)[-_ ]?\d/i.test(baseName(path)) || (/^\d/.test(baseName(path)) && isRunbookFolder(path)),
  );
  const chosen = mostCommon(numbered.map(folderOf).filter((folder) => folder !== ''));
  const folder =
    chosen?.value ?? mostCommon(written.map(folderOf).filter((path) => /(^|\/)run-?books?$/i.test(path)))?.value;
  if (folder === undefined) return undefined;
  const names = written.filter((path) => folderOf(path) === folder).map(baseName);
  const fileName = learnFileName(names);
  return fileName === undefined ? undefined : { folder, fileName, count: names.length };
}

function isRunbookFolder(path: string): boolean {
  return /(^|\/)run-?books?(\/|$)/i.test(folderOf(path));
}

/** A README whose heading says that the services are listed below it. */
function detectReadme(tree: Tree, guesses: Guesses): { file: string; heading: string } | undefined {
  const file = shallowest(tree.paths.filter((path) => /^(docs\/)?readme\.md$/i.test(path)));
  if (file === undefined) return undefined;
  const outline = outlineOf(tree.read(file) ?? '');
  const heading = [...outline.tables, ...outline.lists]
    .map((block) => block.heading?.text)
    .find(
      (text) =>
        text !== undefined && /^(our |the |all |shared |running )?(services|applications|components)$/i.test(text),
    );
  if (heading === undefined) return undefined;
  return guesses.note('runbooks.readme', { file, heading }, `“${heading}” lists them`, file);
}

/** What stands in front of runbooks' paths in alerts and pages that link to them by their web address. */
function detectBaseUrl(tree: Tree, folder: string, guesses: Guesses): string | undefined {
  const bases = tree.paths
    .filter((path) => /\.(ya?ml|md|json)$/i.test(path) && isInUse(path))
    .flatMap((path) =>
      [...(tree.read(path) ?? '').matchAll(/https?:\/\/[^\s"'<>()]+/g)].flatMap(([url]) => {
        const at = url.indexOf(`/${folder}/`);
        return at > 0 && /\/(blob|tree|src)\//.test(url.slice(0, at + 1)) ? [{ base: url.slice(0, at), path }] : [];
      }),
    );
  const base = mostCommon(bases.map((one) => one.base));
  if (!base) return detectRepository(tree, guesses);
  return guesses.note('runbooks.baseUrl', base?.value, `${base?.count ?? 0} links lead there`, bases[0]?.path);
}

/** The repository that Argo CD reads its applications from is this one. */
function detectRepository(tree: Tree, guesses: Guesses): string | undefined {
  const sources = tree.paths
    .filter((path) => /\.ya?ml$/i.test(path) && isInUse(path))
    .flatMap((path) => {
      const text = tree.read(path) ?? '';
      if (!/^kind:\s*Application\s*$/m.test(text)) return [];
      const url =
        /^\s*repoURL:\s*["']?(https:\/\/(?:[\w-]+\.)*(?:github|gitlab)\.[\w.-]+\/[\w./-]+?)(?:\.git)?["']?\s*$/m.exec(
          text,
        )?.[1];
      const branch = /^\s*targetRevision:\s*["']?([\w./-]+)/m.exec(text)?.[1] ?? 'main';
      if (url === undefined) return [];
      const host = url.split('/')[2] ?? '';
      return [
        { path, base: `${url}${host.includes('gitlab') ? '/-' : ''}/blob/${branch === 'HEAD' ? 'main' : branch}` },
      ];
    });
  const base = mostCommon(sources.map((one) => one.base));
  return guesses.note(
    'runbooks.baseUrl',
    base?.value,
    `${base?.count ?? 0} applications are read from there`,
    sources[0]?.path,
  );
}
