/** Where a service's runbook is: its path in the repository, the number that it goes by, its address on the web. */
import { escapeMarkdown } from '../../markdown-text';
import type { EntryFacts } from '../../markdown/entry-facts';
import { fillFileName } from '../../observe/runbook-naming';
import { fileNameOf, isPageOf, observeRunbooks, runbookNamingOf, type ObservedRunbook } from '../../observe/runbooks';
import { composeFileOf } from '../../operations';
import type { Profile } from '../../profile';
import type { EmitContext, ResolvedManifest, Tree } from '../../types';
import { formatPortRange } from '@/lib/services/port-range';

/** The page's title, without its number. */
export function runbookTitle(manifest: ResolvedManifest): string {
  return manifest.displayName ?? manifest.name;
}

export interface RunbookAddress {
  /** What people call the page: `RUNBOOK-031`, `0031`; undefined where runbooks have no numbers. */
  id?: string;
  /** The same in the middle of a sentence: `RUNBOOK-031`, `runbook 0031`, the page's path where it has no number. */
  name: string;
  /** The first line of the page, without its mark. */
  heading: string;
  number: number;
  path: string;
  /** The service's page where it is there already. */
  own?: ObservedRunbook;
  /** The web address, where the profile has what stands before the path. */
  url?: string;
}

/** Where the service's page is, or will be, named as the house names its pages; undefined where it gets none. */
export function runbookOf({
  manifest,
  profile,
  tree,
}: Pick<EmitContext, 'manifest' | 'profile' | 'tree'>): RunbookAddress | undefined {
  const { runbooks } = profile;
  if (!runbooks || !manifest.runbook) return undefined;
  const { number } = manifest.runbook;
  const own = ownPage(observeRunbooks(tree, profile), manifest);
  const naming = runbookNamingOf(tree, profile, own);
  const file = fillFileName(fileNameOf(tree, profile, own), String(number).padStart(naming.digits, '0'), manifest.name);
  const path = own?.path ?? `${runbooks.folder.replace(/\/+$/, '')}/${file}`;
  const url = runbookUrl(profile, path);
  const id = naming.numbered ? naming.idOf(number) : undefined;
  return {
    ...(id === undefined ? {} : { id }),
    name: id === undefined ? path : /\p{L}/u.test(id) ? id : `runbook ${id}`,
    heading: naming.headingOf(number, escapeMarkdown(runbookTitle(manifest))),
    number,
    path,
    ...(own ? { own } : {}),
    ...(url === undefined ? {} : { url }),
  };
}

/** A page's address on the web; undefined where the profile does not say what stands before its path. */
export function runbookUrl(profile: Profile, path: string): string | undefined {
  const base = profile.runbooks?.baseUrl;
  return base === undefined
    ? undefined
    : `${base.replace(/\/+$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** The service's page among those that are there: of its number, or of none. */
export function ownPage(pages: readonly ObservedRunbook[], manifest: ResolvedManifest): ObservedRunbook | undefined {
  const own = pages.filter((page) => isPageOf(page, manifest));
  return own.find((page) => page.number === manifest.runbook?.number) ?? own.find((page) => page.number === undefined);
}

/** What an index says of the service in one line. */
export function entryFactsOf({
  manifest,
  profile,
  tree,
}: {
  manifest: ResolvedManifest;
  profile: Profile;
  tree: Tree;
}): EntryFacts {
  const runbook = runbookOf({ manifest, profile, tree });
  const category = profile.categories[manifest.category];
  const stack = manifest.runtime.compose ? (manifest.runtime.compose.stack ?? category?.stack) : undefined;
  const chart =
    manifest.runtime.kubernetes && profile.helm
      ? `${profile.helm.charts.replace(/\/+$/, '')}/${manifest.name}`
      : undefined;
  const file = composeFileOf(manifest, profile) ?? chart;
  return {
    name: manifest.name,
    title: runbookTitle(manifest),
    ...(runbook ? { runbook: pageOf(runbook) } : {}),
    relatives: observeRunbooks(tree, profile).flatMap((page) =>
      page.category === manifest.category && page.path !== runbook?.path ? [page.path] : [],
    ),
    purpose: manifest.purpose,
    category: manifest.category,
    ...(category?.title === undefined ? {} : { categoryTitle: category.title }),
    lifecycle: manifest.lifecycle,
    owner: manifest.owner,
    date: manifest.date,
    dependsOn: manifest.runtime.dependsOn,
    ...(stack === undefined ? {} : { stack }),
    ...(manifest.runtime.compose ? { container: `${profile.naming.containerPrefix}${manifest.name}` } : {}),
    ...(manifest.routing ? { host: manifest.routing.host } : {}),
    ports: manifest.ports.flatMap((port) => (port.external === 'none' ? [] : [formatPortRange(port.external)])),
    ...(file === undefined ? {} : { file }),
  };
}

function pageOf({ id, number, path }: RunbookAddress): NonNullable<EntryFacts['runbook']> {
  return id === undefined ? { path } : { path, numbered: { id, number } };
}
