/**
 * The platform repository as this process knows it: main's newest commit with its files and its profile. Files are read once by hash and kept
 * in the database for all processes; whole trees are kept in memory, so that a preview asks neither GitHub nor the database for them.
 */
import {
  listTree,
  LARGEST_FILE,
  readBlobs,
  readHead,
  type BlobCache,
  type TreeEntry,
} from '@/lib/adapters/github/read-tree';
import { db } from '@/lib/db';
import { env } from '@/lib/env';
import { UpstreamError } from '@/lib/errors';
import { announce } from '@/lib/events';
import { loadProfile } from '@/lib/generator/load-profile';
import { profilePath, type Profile } from '@/lib/generator/profile';
import type { Inference, Tree } from '@/lib/generator/types';
import { log } from '@/lib/log';
import { z } from 'zod';
import { github } from './connections';

/** The repository at one commit. */
export interface Repository {
  /** owner/name */
  fullName: string;
  branch: string;
  sha: string;
  /** When GitHub last said that main stands there. */
  readAt: Date;
  tree: Tree;
  profile: Profile;
  /** `inferred` where the repository has no slipway.yaml; then `inferences` say what was guessed from what. */
  profileSource: 'file' | 'inferred';
  inferences: Inference[];
}

/** Previews live with an answer of this age, while a newer one is fetched behind them. */
const QUIET_MS = 60_000;
/** A head that was confirmed within this time is not asked for again. */
const FRESH_MS = 5_000;
/** Whole trees in memory. */
const KEPT_TREES = 4;

type Snapshot = Omit<Repository, 'readAt'>;
interface Head {
  sha: string;
  checkedAt: Date;
}

let head: Head | undefined;
let refreshing: Promise<Head> | undefined;
const snapshots = new Map<string, Promise<Snapshot>>();

/**
 * Main as it stands.
 * @param options.maxAgeMs how old the knowledge may be at most; without it an answer of up to a minute comes at once, and a newer one is fetched
 * behind it. Where GitHub does not answer, the last known commit is given; its `readAt` tells.
 * @throws UpstreamError where nothing is known, or the profile is not valid.
 */
export async function currentRepository(options: { maxAgeMs?: number } = {}): Promise<Repository> {
  const known = head;
  const age = known ? Date.now() - known.checkedAt.getTime() : Infinity;
  if (known && age <= (options.maxAgeMs ?? QUIET_MS)) {
    if (age > FRESH_MS) void refresh().catch(() => undefined); // said in the log; whoever needs it newer waits for it
    return at(known);
  }
  return at(await refreshOrLast());
}

/**
 * Main as GitHub says it stands, asked after this call: what was merged before it is in the answer, but for a GitHub that is late itself.
 * For whoever writes because of it.
 * @throws UpstreamError where GitHub does not answer, or the profile is not valid; nothing older is given instead.
 */
export async function confirmedRepository(): Promise<Repository> {
  // Whoever asks already may be told of a moment before.
  await refreshing?.catch(() => undefined);
  return at(await refresh());
}

/** The repository at a commit that is known by its hash. `readAt` is now: a commit does not change. */
export async function repositoryAt(sha: string): Promise<Repository> {
  return { ...(await snapshot(sha)), readAt: new Date() };
}

async function at(known: Head): Promise<Repository> {
  return { ...(await snapshot(known.sha)), readAt: known.checkedAt };
}

async function refreshOrLast(): Promise<Head> {
  try {
    return await refresh();
  } catch (error) {
    const last = head ?? (await lastKnownHead());
    if (!last || !(error instanceof UpstreamError && error.retryable)) throw error;
    head = last;
    return last;
  }
}

/** Asks GitHub where main stands. One question at a time, however many ask for it. */
async function refresh(): Promise<Head> {
  refreshing ??= askHead().finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function askHead(): Promise<Head> {
  const { fullName, baseBranch } = env().github;
  try {
    const before = head;
    const sha = await readHead(github(), baseBranch);
    const checkedAt = new Date();
    if (before?.sha !== sha) await snapshot(sha);
    const now = { sha, checkedAt };
    head = now;
    if (before?.sha !== sha) await noteHead(fullName, baseBranch, now);
    return now;
  } catch (error) {
    log('repository').warn({ err: error }, 'cannot read the platform repository');
    throw error;
  }
}

/** Tells other processes and the pages where main stands. Findings are written by whoever imports the commit. */
async function noteHead(repository: string, branch: string, known: Head): Promise<void> {
  const at = { sha: known.sha, checkedAt: known.checkedAt };
  await db().$transaction(async (tx) => {
    await tx.repositoryHead.upsert({
      where: { repository_branch: { repository, branch } },
      create: { repository, branch, ...at },
      update: at,
    });
    await announce(tx, 'repository');
  });
}

/** Where another process, or this one before its restart, saw main last. */
async function lastKnownHead(): Promise<Head | undefined> {
  const { fullName, baseBranch } = env().github;
  const row = await db().repositoryHead.findUnique({
    where: { repository_branch: { repository: fullName, branch: baseBranch } },
  });
  return row ? { sha: row.sha, checkedAt: row.checkedAt } : undefined;
}

function snapshot(sha: string): Promise<Snapshot> {
  const known = snapshots.get(sha);
  if (known) {
    // Most recently used last.
    snapshots.delete(sha);
    snapshots.set(sha, known);
    return known;
  }
  const reading = readSnapshot(sha);
  snapshots.set(sha, reading);
  reading.catch(() => snapshots.delete(sha));
  const [oldest] = snapshots.keys();
  if (snapshots.size > KEPT_TREES && oldest !== undefined) snapshots.delete(oldest);
  return reading;
}

async function readSnapshot(sha: string): Promise<Snapshot> {
  const { fullName, baseBranch } = env().github;
  const entries = await readEntries(fullName, sha);
  const readable = entries.filter(
    (entry) => entry.size !== undefined && entry.size <= LARGEST_FILE && !isBinaryName(entry.path),
  );
  const blobs = await readBlobs(
    github(),
    readable.map((entry) => entry.sha),
    databaseBlobs,
  );
  const tree = treeOf(entries, new Map(readable.flatMap((entry) => [[entry.path, blobs.get(entry.sha)] as const])));
  const loaded = loadProfile(tree);
  if ('problems' in loaded) {
    const [first] = loaded.problems;
    const where = first?.line === undefined ? '' : ` line ${first.line}`;
    throw new UpstreamError(
      `${profilePath}${where} of ${fullName} is not valid: ${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'no reason given'} Mend it in the repository; \`slipway schema --profile\` prints what may stand there.`,
      { system: 'platform repository', retryable: false },
    );
  }
  return {
    fullName,
    branch: baseBranch,
    sha,
    tree,
    profile: loaded.profile,
    profileSource: loaded.source,
    inferences: loaded.inferences,
  };
}

const StoredEntries = z.record(
  z.string(),
  z.object({ sha: z.string(), executable: z.boolean(), size: z.number().optional() }),
);

async function readEntries(repository: string, sha: string): Promise<TreeEntry[]> {
  const row = await db().repositoryCommit.findUnique({ where: { repository_sha: { repository, sha } } });
  const stored = row && StoredEntries.safeParse(row.entries);
  if (stored?.success) {
    return Object.entries(stored.data).map(([path, entry]) => ({ path, ...entry, size: entry.size }));
  }
  const entries = await listTree(github(), sha);
  const json = Object.fromEntries(
    entries.map(({ path, size, ...rest }) => [path, size === undefined ? rest : { ...rest, size }]),
  );
  await db().repositoryCommit.createMany({ data: [{ repository, sha, entries: json }], skipDuplicates: true });
  return entries;
}

const databaseBlobs: BlobCache = {
  async get(shas) {
    const found = new Map<string, Buffer>();
    for (let start = 0; start < shas.length; start += 500) {
      const rows = await db().repositoryBlob.findMany({ where: { sha: { in: shas.slice(start, start + 500) } } });
      for (const row of rows) found.set(row.sha, Buffer.from(row.content));
    }
    return found;
  },
  async put(blobs) {
    const data = [...blobs].map(([sha, content]) => ({ sha, content: Uint8Array.from(content) }));
    await db().repositoryBlob.createMany({ data, skipDuplicates: true });
  },
};

/** Files are decoded when they are first read; strictly, since what is not UTF-8 cannot be edited and given back byte for byte. */
export function treeOf(entries: readonly TreeEntry[], bytes: ReadonlyMap<string, Buffer | undefined>): Tree {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const texts = new Map<string, string | undefined>();
  const executables = new Set(entries.filter((entry) => entry.executable).map((entry) => entry.path));
  return {
    paths: entries.map((entry) => entry.path).sort(),
    isExecutable: (path) => executables.has(path),
    read(path) {
      if (texts.has(path)) return texts.get(path);
      const content = bytes.get(path);
      const text = content === undefined || content.includes(0) ? undefined : decode(decoder, content);
      texts.set(path, text);
      return text;
    },
  };
}

function decode(decoder: TextDecoder, content: Buffer): string | undefined {
  try {
    return decoder.decode(content);
  } catch {
    return undefined;
  }
}

/** Not worth a question: pictures, archives, fonts. */
function isBinaryName(path: string): boolean {
  return /\.(png|jpe?g|gif|webp|ico|svgz|pdf|zip|gz|tgz|bz2|xz|7z|jar|woff2?|ttf|otf|eot|mp[34]|mov|webm|so|exe|bin)$/i.test(
    path,
  );
}
