/** A plan as a request's row keeps it. */
import type { Prisma } from '@/lib/generated/prisma/client';
import { runbookOf } from '@/lib/generator/emitters/runbook/address';
import { countLines, diffFile } from '@/lib/generator/line-diff';
import type { FileChange, Plan, ResolvedManifest } from '@/lib/generator/types';
import type { StoredFile, StoredPlan } from '@/lib/requests/stored';
import type { Repository } from './read-repository';

/** With every file's bytes: what the person saw is what is committed. @param before of a change: what it leads away from. */
export function storedPlan(
  plan: Plan,
  resolved: ResolvedManifest,
  { profile, tree }: Pick<Repository, 'profile' | 'tree'>,
  before?: ResolvedManifest,
): StoredPlan {
  const path = runbookOf({ manifest: resolved, profile, tree })?.path;
  return {
    action: plan.action,
    commits: plan.commits.map((commit) => ({ ...commit, files: commit.files.map(storedFile) })),
    findings: plan.findings.map(({ kind, path: where, line, message }) =>
      line === undefined ? { kind, path: where, message } : { kind, path: where, line, message },
    ),
    profile,
    ...(before ? { before: { ...before } } : {}),
    ...(path !== undefined && plan.files.some((file) => file.path === path && file.after !== null)
      ? { runbookPath: path }
      : {}),
  };
}

/** Own types hold plain values only; Prisma asks for an index signature that interfaces do not have. */
export function asJson(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

function storedFile(file: FileChange): StoredFile {
  return { ...file, ...countLines(diffFile(file)) };
}
