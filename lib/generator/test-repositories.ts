/** Platform repositories of several kinds, for tests: the sample, and small ones that each keep things another way. Read once, never written. */
import { fileURLToPath } from 'node:url';
import { readCheckout } from '@/cli/read-checkout';
import { loadProfile } from './load-profile';
import type { Profile } from './profile';
import { sampleFolder } from './test-sample';
import type { Tree } from './types';

export interface TestRepository {
  name: string;
  folder: string;
  tree: Tree;
  profile: Profile;
}

const folders = {
  /** The sample: stacks beside a root file, mTLS, charts, everything. */
  sample: sampleFolder,
  /** One Compose file with CRLF and indent 4, the registry a bare list, no profile. */
  'one-file': fixture('one-file'),
  /** A folder for each stack, no registry, Traefik's files in a folder, merges, no line break at the end, no profile. */
  'stack-folders': fixture('stack-folders'),
  /** Charts and an ApplicationSet, nothing in Compose, no profile. */
  clusters: fixture('clusters'),
  /** A registry of groups, lists of merges, helpers beside the agent in another stack, twins. */
  grouped: fixture('grouped'),
} as const;

export type TestRepositoryName = keyof typeof folders;
export const testRepositoryNames = Object.keys(folders) as TestRepositoryName[];

const read = new Map<TestRepositoryName, TestRepository>();

/** @throws where the repository cannot be read or its profile is wrong. */
export function testRepository(name: TestRepositoryName): TestRepository {
  const known = read.get(name);
  if (known) return known;
  const folder = folders[name];
  const tree = readCheckout(folder, (message) => {
    throw new Error(message);
  });
  const loaded = loadProfile(tree);
  if ('problems' in loaded) throw new Error(`${name}: ${JSON.stringify(loaded.problems)}`);
  const repository = { name, folder, tree, profile: loaded.profile };
  read.set(name, repository);
  return repository;
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`./fixtures/repositories/${name}`, import.meta.url));
}
