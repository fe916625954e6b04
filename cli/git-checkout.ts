/** Commits of a local checkout as trees, by Git itself: nothing is fetched and the work tree is not looked at. */
import { spawnSync } from 'node:child_process';
import type { Tree } from '@/lib/generator/types';
import type { BranchState } from '@/lib/generator/verify-change';
import { decodeText } from './read-checkout';
import { UsageError } from './usage-error';

const LARGEST_FILE = 2 * 1024 * 1024;
const MOST_OUTPUT = 512 * 1024 * 1024;

interface Entry {
  sha: string;
  mode: string;
}

/**
 * A branch, from the commit where it left the one that it goes into.
 * @param target what it goes into, or a commit of that.
 * @throws UsageError where the folder is no checkout, a revision is not there, the two share no commit, or Git is missing.
 */
export function readBranch(folder: string, target: string, head: string): BranchState {
  const to = resolveCommit(folder, head);
  const from = mergeBase(folder, resolveCommit(folder, target), to);
  const before = listFiles(folder, from);
  const after = listFiles(folder, to);
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((path) => {
    const [a, b] = [before.get(path), after.get(path)];
    return a?.sha !== b?.sha || a?.mode !== b?.mode;
  });
  const range = `${from}..${to}`;
  const subjects = git(folder, ['log', '--reverse', '--format=%s', range]).toString('utf8');
  return {
    start: from,
    base: treeOf(folder, before),
    head: treeOf(folder, after),
    changed: changed.sort(),
    subjects: subjects.split('\n').filter((line) => line !== ''),
    hasMerges: git(folder, ['rev-list', '--merges', '--max-count=1', range]).byteLength > 0,
  };
}

function mergeBase(folder: string, target: string, head: string): string {
  const names = `${target.slice(0, 7)} and ${head.slice(0, 7)}`;
  const otherwise = `${names} share no commit in ${folder}. If it is a shallow checkout: git fetch --unshallow.`;
  return git(folder, ['merge-base', target, head], otherwise).toString('utf8').trim();
}

/** The commit's full hash. */
function resolveCommit(folder: string, revision: string): string {
  git(folder, ['rev-parse', '--git-dir'], `${folder} is no checkout of a repository.`);
  return git(
    folder,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    `${folder} has no commit ${revision}. Fetch it first, if the server has it.`,
  )
    .toString('utf8')
    .trim();
}

function listFiles(folder: string, commit: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const line of git(folder, ['ls-tree', '-r', '-z', '--full-tree', commit]).toString('utf8').split('\0')) {
    const [, mode, type, sha, path] = /^(\d+) (\w+) ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
    if (mode !== undefined && sha !== undefined && path !== undefined && type === 'blob')
      entries.set(path, { mode, sha });
  }
  return entries;
}

/** Reads a file when it is asked for, each once. Symbolic links are listed and never read, as in a work tree. */
function treeOf(folder: string, entries: ReadonlyMap<string, Entry>): Tree {
  const texts = new Map<string, string | undefined>();
  const readText = (path: string): string | undefined => {
    const entry = entries.get(path);
    if (!entry || entry.mode === '120000') return undefined;
    const bytes = git(folder, ['cat-file', 'blob', entry.sha]);
    return bytes.byteLength > LARGEST_FILE ? undefined : decodeText(bytes);
  };
  return {
    paths: [...entries.keys()].sort(),
    read: (path) => {
      if (!texts.has(path)) texts.set(path, readText(path));
      return texts.get(path);
    },
    isExecutable: (path) => entries.get(path)?.mode === '100755',
  };
}

function git(folder: string, args: readonly string[], otherwise?: string): Buffer {
  const result = spawnSync('git', ['-C', folder, ...args], { maxBuffer: MOST_OUTPUT });
  if (result.error) throw new UsageError(`git cannot be run: ${result.error.message}`);
  if (result.status === 0) return result.stdout;
  const [said] = result.stderr.toString('utf8').trim().split('\n');
  throw new UsageError(otherwise ?? `git ${args[0] ?? ''} failed in ${folder}: ${said ?? ''}`);
}
