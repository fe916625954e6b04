/**
 * From a spec to a change set, as preview and submit share it: what the database holds, what main has, resolved, planned and checked. What both
 * compute from the same state is the same, byte for byte; the digest proves it.
 */
import type { Database } from '@/lib/db';
import { runChecks, type TimedCheckResult } from '@/lib/generator/checks/index';
import { planAction } from '@/lib/generator/plan-action';
import { mergeConflicts, resolveFromTree } from '@/lib/generator/resolve';
import type { Conflict, Plan, ResolvedManifest } from '@/lib/generator/types';
import { listTaken, type TakenPort } from '@/lib/ports/queries';
import { listClaimedNumbers } from '@/lib/runbooks/numbers';
import type { Manifest } from '@/lib/services/manifest';
import type { Repository } from './read-repository';

/** What is held outside the repository, on the platform's host. */
export interface Held {
  ports: TakenPort[];
  runbookNumbers: number[];
}

export interface PlannedService {
  resolved: ResolvedManifest;
  plan: Plan;
  /** Empty where conflicts or refusals stand in the way of the plan itself. */
  checks: TimedCheckResult[];
  /** Of resolving and planning; where not empty the plan is for looking at only. */
  conflicts: Conflict[];
}

/** Reads what the database holds that a service of this name has to respect. Inside a transaction that has the lock it stays true. */
export async function readHeld(database: Database, repository: Repository, serviceName: string): Promise<Held> {
  return {
    ports: await listTaken(database, repository.profile.platform.host),
    runbookNumbers: await listClaimedNumbers(database, serviceName),
  };
}

/** What is to be done with a service. A change and a removal lead away from how it was decided last. */
export type Intent = { action: 'add' } | { action: 'change' | 'remove'; before: ResolvedManifest };

/** Resolves, plans and checks. Pure but for the clock of the checks' durations. */
export function planService(
  repository: Repository,
  manifest: Manifest,
  held: Held,
  now: Date,
  intent: Intent = { action: 'add' },
): PlannedService {
  const { profile, tree } = repository;
  const planned = planUnchecked(repository, manifest, held, now, intent);
  const { plan, resolved } = planned;
  return { ...planned, checks: runChecks({ plan, manifest: resolved, profile, tree }, () => performance.now()) };
}

/** Resolves and plans. The checks take as long again: who only needs to know whether it is the same plan does without. Pure. */
export function planUnchecked(
  repository: Repository,
  manifest: Manifest,
  held: Held,
  now: Date,
  intent: Intent,
): Omit<PlannedService, 'checks'> {
  const { profile, tree } = repository;
  const before = intent.action === 'add' ? undefined : intent.before;
  // A removal takes out what was decided; nothing is decided anew.
  const { resolved, conflicts } =
    intent.action === 'remove'
      ? { resolved: intent.before, conflicts: [] }
      : resolveFromTree(manifest, profile, tree, {
          date: before?.date ?? now.toISOString().slice(0, 10),
          taken: held.ports,
          takenRunbooks: held.runbookNumbers,
          runbookNumber: before?.runbook?.number,
        });
  const plan = planAction({ action: intent.action, resolved, before, profile, tree });
  return { resolved, plan, conflicts: mergeConflicts(conflicts, plan.conflicts) };
}
