/** Guesses about what people read: the runbooks' folder and how its files are named, their catalog, the architecture index, a README that lists services. */
import { leadsToPage, linksIn } from '../markdown/links';
import { outlineOf } from '../markdown/outline';
import { learnFileName } from '../observe/runbook-naming';
import type { Tree } from '../types';
import { baseName, folderOf, isInUse, known, mostCommon, shallowest, type Guesses } from './guess';

export function detectRunbooks(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const pages = tree.paths.filter(isPage);
  const found = detectFolder(pages);
  if (!found) return undefined;
  const { folder, fileName } = found;
  guesses.note('runbooks.folder', folder, `${found.count} runbooks are in it`, folder);
  guesses.note('runbooks.fileName', fileName, 'most files there are named so', folder);
  const catalog = detectCatalog(tree, pages, folder);
  guesses.note('runbooks.catalog', catalog, 'it lists runbooks', catalog);
  const navigation = detectNavigation(tree, folder);
  guesses.note('runbooks.navigation', navigation, 'it lists the pages of the book', navigation);
  const index = shallowest(pages.filter((path) => /architecture[_-]?index/i.test(baseName(path))));
  guesses.note('runbooks.architectureIndex', index, 'its name says so', index);
  return known({
    folder,
    catalog,
    architectureIndex: index,
    navigation,
    fileName,
    readme: detectReadme(tree, guesses),
    baseUrl: detectBaseUrl(tree, folder, guesses),
  });
}

/** A page that people read. Its name says what it is about: `backup-and-restore.md` is no backup. */
function isPage(path: string): boolean {
  return (
    /\.(?:md|markdown)$/i.test(path) &&
    isInUse(`${folderOf(path)}/`) &&
    !/(?:^|[-_.])(?:templates?|examples?|samples?)[-_.]/i.test(baseName(path))
  );
}

/** The folder with most numbered pages, else one that is called after runbooks; and how its files are named. */
function detectFolder(pages: readonly string[]): { folder: string; fileName: string; count: number } | undefined {
  const written = pages.filter((path) => !/^(?:_|(?:readme|index|catalog)\.)/i.test(baseName(path)));
  const numbered = written.filter(
    // A number alone names many things: only among runbooks is it theirs.
    (path) => /^(?:runbook|rb)[-_ ]?\d/i.test(baseName(path)) || (/^\d/.test(baseName(path)) && isRunbookFolder(path)),
  );
  const folder = mostCommon(numbered.map(folderOf).filter((one) => one !== ''))?.value ?? onlyFolder(written);
  if (folder === undefined) return undefined;
  const names = written.filter((path) => folderOf(path) === folder).map(baseName);
  const fileName = learnFileName(names);
  return fileName === undefined ? undefined : { folder, fileName, count: names.length };
}

/** The folder that is called after runbooks, with most of such pages in it or under it. Where each topic has a folder of its own, none is a service's. */
function onlyFolder(written: readonly string[]): string | undefined {
  const roots = written.flatMap((path) => /^(?:.*?\/)?run-?books?(?=\/)/i.exec(path)?.[0] ?? []);
  const most = mostCommon(roots);
  return most && most.count * 2 > most.of ? most.value : undefined;
}

function isRunbookFolder(path: string): boolean {
  return /(^|\/)run-?books?(\/|$)/i.test(folderOf(path));
}

/** A page that is called after its listing of runbooks, else a README or a start page that leads to at least half of them. */
function detectCatalog(tree: Tree, pages: readonly string[], folder: string): string | undefined {
  const named = pages.filter(
    (path) =>
      /runbook.*(catalog|index|list)|(catalog|index).*runbook/i.test(baseName(path)) &&
      /^\s*(?:[|*-]|\d+\.).*(?:\b(?:RUNBOOK|RB)[-_ ]?\d+|runbooks?\/)/im.test(tree.read(path) ?? ''),
  );
  if (named.length > 0) return shallowest(named);
  const listed = pages.filter((path) => folderOf(path) === folder && !START_PAGE.test(baseName(path)));
  const enough = Math.max(2, listed.length / 2);
  const lists = pages.flatMap((path) => {
    if (!START_PAGE.test(baseName(path))) return [];
    const found = new Set<string>();
    for (const line of (tree.read(path) ?? '').split('\n').filter((one) => /^\s*(?:[|*+-]|\d+[.)])/.test(one)))
      for (const { target } of linksIn(line))
        for (const page of listed) if (leadsToPage(target, page, { path })) found.add(page);
    return found.size >= enough ? [{ path, count: found.size }] : [];
  });
  const most = Math.max(0, ...lists.map((one) => one.count));
  // Beside the pages themselves it is theirs; a README further up lists them among other things.
  const best = lists.filter((one) => one.count === most).map((one) => one.path);
  return best.find((path) => folderOf(path) === folder) ?? shallowest(best);
}

/** A book's table of contents that lists runbooks: pages that it does not name are not found. */
function detectNavigation(tree: Tree, folder: string): string | undefined {
  const last = folder.slice(folder.lastIndexOf('/') + 1);
  return shallowest(
    tree.paths.filter((path) => {
      if (!/^(?:mkdocs\.ya?ml|summary\.md)$/i.test(baseName(path)) || !isInUse(`${folderOf(path)}/`)) return false;
      const lines = (tree.read(path) ?? '').split('\n').filter((line) => /^\s*[-*] /.test(line));
      return lines.filter((line) => line.includes(`${last}/`) && /\.(?:md|markdown)\b/.test(line)).length > 1;
    }),
  );
}

/** What a forge or a wiki shows first of a folder. */
const START_PAGE = /^(?:readme|index|home)\.(?:md|markdown)$/i;

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
  return guesses.note('runbooks.baseUrl', base.value, `${base.count} links lead there`, bases[0]?.path);
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
