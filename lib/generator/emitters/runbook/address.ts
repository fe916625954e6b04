/** Where a service's runbook is: its path in the repository, the number that it goes by, its address on the web. */
import type { EntryFacts } from '../../markdown/entry-facts';
import { isPageOf, observeRunbooks, runbookDigits, type ObservedRunbook } from '../../observe/runbooks';
import { composeFileOf } from '../../operations';
import type { Profile } from '../../profile';
import type { EmitContext, ResolvedManifest, Tree } from '../../types';
import { formatPortRange } from '@/lib/services/port-range';

/** `RUNBOOK-031`. */
export function runbookId(number: number, digits = 3): string {
  return `RUNBOOK-${String(number).padStart(digits, '0')}`;
}

/** The page's title, without its number. */
export function runbookTitle(manifest: ResolvedManifest): string {
  return manifest.displayName ?? manifest.name;
}

/** Where the page of a service goes. */
export function runbookPath(folder: string, fileName: string, number: number, slug: string, digits = 3): string {
  const name = fileName.replaceAll('{number}', String(number).padStart(digits, '0')).replaceAll('{slug}', slug);
  return `${folder.replace(/\/+$/, '')}/${name}`;
}

export interface RunbookAddress {
  id: string;
  number: number;
  path: string;
  /** The service's page where it is there already. */
  own?: ObservedRunbook;
  /** The web address, where the profile has what stands before the path. */
  url?: string;
}

/** Where the service's page is, or will be; undefined where it gets none. */
export function runbookOf({
  manifest,
  profile,
  tree,
}: Pick<EmitContext, 'manifest' | 'profile' | 'tree'>): RunbookAddress | undefined {
  const { runbooks } = profile;
  if (!runbooks || !manifest.runbook) return undefined;
  const { number } = manifest.runbook;
  const pages = observeRunbooks(tree, profile);
  const own = ownPage(pages, manifest);
  const digits = runbookDigits(pages, own);
  const path = own?.path ?? runbookPath(runbooks.folder, runbooks.fileName, number, manifest.name, digits);
  const url = runbookUrl(profile, path);
  return {
    id: runbookId(number, digits),
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
    ...(runbook ? { runbook: { id: runbook.id, number: runbook.number, path: runbook.path } } : {}),
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
