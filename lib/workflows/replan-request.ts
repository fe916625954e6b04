/**
 * Judges an open request against a newer base: whether what GitHub would merge is still what Slipway would plan there. Nothing is written. A push dismisses
 * approvals, so the branch is touched only where the answer is no.
 */
import { db } from '@/lib/db';
import { UpstreamError } from '@/lib/errors';
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { runChecks, type TimedCheckResult } from '@/lib/generator/checks/index';
import { mergeLines } from '@/lib/generator/merge-lines';
import { planAction } from '@/lib/generator/plan-action';
import type { RenderedManifests } from '@/lib/generator/pull-request/input';
import { mergeConflicts, resolveFromTree } from '@/lib/generator/resolve';
import type { FileChange, Plan, ResolvedManifest, Tree } from '@/lib/generator/types';
import type { Manifest } from '@/lib/services/manifest';
import { checkWithTools } from './check-change';
import { readHeld } from './plan-service';
import { planOf } from './request-row';
import type { Repository } from './read-repository';

/** The request's plan as it is on the newer base. */
export interface Replan {
  plan: Plan;
  resolved: ResolvedManifest;
  checks: TimedCheckResult[];
  rendered: RenderedManifests[];
}

export type Judgement =
  /** Merged as it is, the base would have exactly what a plan on it gives. */
  | ({ kind: 'stands' } & Replan)
  /** The branch needs the plan on the newer base. `reason` completes "The branch was brought up to main because …". */
  | ({ kind: 'changed'; reason: string } & Replan)
  /** The base has all of it already. */
  | { kind: 'done' }
  /** There is no plan on the newer base that could be merged; people have to decide. */
  | { kind: 'blocked'; reason: string };

/**
 * @param options.mergesCleanly what GitHub says of the branch as it is.
 * @throws UpstreamError, to be tried again, where a tool gave no verdict.
 */
export async function judgeOnBase(
  request: ChangeRequest,
  repository: Repository,
  options: { mergesCleanly: boolean },
): Promise<Judgement> {
  const { profile, tree } = repository;
  const before = planOf(request);
  const held = await readHeld(db(), repository, request.serviceName);
  // A removal takes out what was decided; nothing is decided anew.
  const { resolved, conflicts } =
    before.plan.action === 'remove'
      ? { resolved: before.resolved, conflicts: [] }
      : resolveFromTree(pinned(before.resolved), profile, tree, {
          date: before.resolved.date,
          taken: held.ports.filter(({ requestId }) => requestId !== request.id),
          takenRunbooks: held.runbookNumbers,
          runbookNumber: before.resolved.runbook?.number,
        });
  const plan = planAction({ action: before.plan.action, resolved, before: before.before, profile, tree });
  const [conflict] = mergeConflicts(conflicts, plan.conflicts);
  if (conflict) return { kind: 'blocked', reason: conflict.message };
  const [refusal] = plan.refusals;
  if (refusal) {
    const where = refusal.line === undefined ? refusal.path : `${refusal.path}:${refusal.line}`;
    return { kind: 'blocked', reason: `${where} cannot be edited safely any more: ${refusal.reason}` };
  }
  if (plan.outcome === 'unchanged') return { kind: 'done' };

  const context = { plan, manifest: resolved, profile, tree };
  const { checks: byTools, rendered, withoutVerdict } = await checkWithTools(context);
  const checks = [...runChecks(context, () => performance.now()), ...byTools];
  const failed = checks.find((check) => check.status === 'fail');
  if (failed) return { kind: 'blocked', reason: `The check “${failed.name}” fails on it: ${failed.summary}` };
  const [unjudged] = withoutVerdict;
  if (unjudged)
    throw new UpstreamError(`The check “${unjudged.name}” gave no verdict. ${unjudged.summary}`, {
      system: unjudged.name,
      retryable: true,
    });

  const replan = { plan, resolved, checks, rendered };
  if (!options.mergesCleanly) return { kind: 'changed', reason: 'it no longer merged cleanly', ...replan };
  const other = firstDifference(before.plan.files, plan.files, tree);
  return other === undefined
    ? { kind: 'stands', ...replan }
    : { kind: 'changed', reason: `${other} would have been merged otherwise than it is planned now`, ...replan };
}

/** The spec with every number that was decided: what is reserved stays. */
function pinned({ runbook: _number, date: _date, ...resolved }: ResolvedManifest): Manifest {
  return resolved;
}

/**
 * The first path that a merge of the old plan into the newer base would leave otherwise than the new plan does; undefined where there is none.
 * @param tree the newer base.
 */
export function firstDifference(
  old: readonly FileChange[],
  next: readonly FileChange[],
  tree: Pick<Tree, 'read'>,
): string | undefined {
  const planned = new Map(next.map((file) => [file.path, file.after]));
  const merged = new Map(old.map((file) => [file.path, mergedInto(file, tree.read(file.path) ?? null)]));
  for (const path of [...new Set([...merged.keys(), ...planned.keys()])].sort()) {
    const present = tree.read(path) ?? null;
    const wanted = planned.has(path) ? planned.get(path) : present;
    const got = merged.has(path) ? merged.get(path) : present;
    if (wanted !== got) return path;
  }
  return undefined;
}

/** What a three-way merge makes of a file; undefined where it cannot. */
function mergedInto({ before, after }: FileChange, present: string | null): string | null | undefined {
  if (present === before) return after;
  if (present === after) return after;
  if (before === null || after === null || present === null) return undefined;
  const { text, conflicts } = mergeLines(before, present, after);
  return conflicts.length > 0 ? undefined : text;
}
