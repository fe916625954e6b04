/**
 * `slipway plan`: what the portal would put into a pull request, computed on a checkout. The patch, the summary or the JSON go to stdout and
 * nothing else does; what stands in the way goes to stderr.
 */
import { runChecks, type CheckContext, type TimedCheckResult } from '@/lib/generator/checks/index';
import { loadProfile } from '@/lib/generator/load-profile';
import { formatPatch, formatPlace, summarize } from '@/lib/generator/patch';
import { planAction } from '@/lib/generator/plan-action';
import { profilePath } from '@/lib/generator/profile';
import { mergeConflicts, resolveFromTree } from '@/lib/generator/resolve';
import type { FieldProblem, Inference, Plan, PlanAction, Refusal } from '@/lib/generator/types';
import { checkChange, type CheckedChange } from '@/lib/workflows/check-change';
import { exitCodes } from './exit-codes';
import { readCheckout, repositoryAround } from './read-checkout';
import { readSpec } from './read-spec';

export const planFormats = ['summary', 'patch', 'json'] as const;
export type PlanFormat = (typeof planFormats)[number];

/** `all`: the real tools too. `fast`: those that need no other program. */
export const checkLevels = ['all', 'fast', 'none'] as const;
export type CheckLevel = (typeof checkLevels)[number];

export interface PlanCommand {
  action: PlanAction;
  repo: string;
  spec: string;
  /** The spec that the service was last planned from; for a change. */
  before?: string;
  format: PlanFormat;
  checks: CheckLevel;
  /** `YYYY-MM-DD`. */
  date: string;
}

export interface Streams {
  out(text: string): void;
  err(text: string): void;
  /** Milliseconds, for the time that checks take. */
  clock(): number;
}

/**
 * Plans and prints.
 * @returns the exit code.
 * @throws UsageError where the folder or a spec cannot be read.
 */
export async function runPlan(command: PlanCommand, streams: Streams): Promise<number> {
  const spec = readSpec(command.spec);
  const earlier = command.before === undefined ? undefined : readSpec(command.before);
  const tree = readCheckout(command.repo, (message) => streams.err(`Note: ${message}\n`));
  const loaded = loadProfile(tree);
  if ('problems' in spec || 'problems' in loaded || (earlier && 'problems' in earlier)) {
    tellProblems(streams, [
      [command.spec, 'problems' in spec ? spec.problems : []],
      [command.before ?? '', earlier && 'problems' in earlier ? earlier.problems : []],
      [`${command.repo}/${profilePath}`, 'problems' in loaded ? loaded.problems : []],
    ]);
    return exitCodes.invalid;
  }
  const { profile } = loaded;
  const { date, action } = command;
  const resolution = resolveFromTree(spec.manifest, profile, tree, { date });
  const before = earlier && resolveFromTree(earlier.manifest, profile, tree, { date }).resolved;
  const planned = planAction({ action, resolved: resolution.resolved, before, profile, tree });
  // A port that cannot be had stands in nobody's way when the service goes.
  const obstacles = action === 'remove' ? [] : resolution.conflicts;
  const plan: Plan = { ...planned, conflicts: mergeConflicts(obstacles, planned.conflicts) };
  if (plan.conflicts.length > 0) plan.outcome = 'changes';
  const context = { plan, manifest: resolution.resolved, profile, tree };
  const { checks, rendered } = await runCheckLevel(command.checks, context, streams);

  if (loaded.source === 'inferred') streams.err(inferredNote(loaded.inferences) + partNote(command.repo));
  const blocked = tellWhatBlocks(plan, checks, streams);
  if (command.format === 'json')
    streams.out(
      `${JSON.stringify({ ...plan, resolved: resolution.resolved, before, profile: { source: loaded.source, inferences: loaded.inferences, value: profile }, checks, rendered }, null, 2)}\n`,
    );
  else if (command.format === 'summary') streams.out(summarize(plan, checks));
  // A patch that must not be applied is not printed: it would be piped into `git apply` all the same.
  else if (blocked === exitCodes.done || (blocked === exitCodes.refused && plan.conflicts.length === 0))
    streams.out(formatPatch(plan));
  return blocked;
}

async function runCheckLevel(level: CheckLevel, context: CheckContext, streams: Streams): Promise<CheckedChange> {
  const clock = () => streams.clock();
  if (level === 'none') return { checks: [], rendered: [] };
  if (level === 'fast') return { checks: runChecks(context, clock), rendered: [] };
  return checkChange(context, { clock });
}

function tellProblems(streams: Streams, files: readonly (readonly [string, readonly FieldProblem[]])[]): void {
  const problems = files.flatMap(([file, found]) => found.map((one) => formatProblem(file, one)));
  streams.err(
    `${problems.join('\n')}\n\n${count(problems.length, 'problem')}; nothing was planned. \`slipway example\` prints a spec that is right.\n`,
  );
}

function tellWhatBlocks(plan: Plan, checks: readonly TimedCheckResult[], streams: Streams): number {
  for (const conflict of plan.conflicts)
    streams.err(`${formatPlace(conflict)}: ${conflict.message} (${conflict.field})\n`);
  for (const refusal of plan.refusals) streams.err(formatRefusal(refusal));
  // A conflict over what a file that cannot be edited says is that file's.
  const refused = new Set(plan.refusals.map((refusal) => refusal.path));
  if (plan.conflicts.some((conflict) => conflict.owner !== undefined || !refused.has(conflict.path))) {
    streams.err(`\n${count(plan.conflicts.length, 'conflict')}: change the spec and plan again.\n`);
    if (plan.action === 'add' && plan.conflicts.some(({ field }) => field === 'name'))
      streams.err('If it is the service that you mean to change: --action change --before SPEC.\n');
    return exitCodes.conflict;
  }
  if (plan.refusals.length > 0) {
    streams.err(`\n${count(plan.refusals.length, 'edit')} left to you; ${restOf(plan)}.\n`);
    return exitCodes.refused;
  }
  const failed = checks.filter((check) => check.status === 'fail');
  for (const check of failed)
    streams.err(`Check failed: ${check.name}: ${check.summary}\n${check.detail.replace(/^(?=.)/gm, '  ')}\n`);
  return failed.length > 0 ? exitCodes.failed : exitCodes.done;
}

function restOf(plan: Plan): string {
  if (plan.conflicts.length > 0) return 'nothing else was planned through';
  return plan.files.length > 0 ? 'the other files are in the patch' : 'there is nothing else to change';
}

function formatRefusal(refusal: Refusal): string {
  const paste = refusal.paste
    ? `\n  Paste under ${refusal.paste.under}:\n\n${refusal.paste.text.replace(/\n$/, '').replace(/^(?=.)/gm, '    ')}\n`
    : '';
  return `${formatPlace(refusal)}: left alone. ${refusal.reason}${paste}\n`;
}

function formatProblem(file: string, problem: FieldProblem): string {
  return `${file}${problem.line === undefined ? '' : `:${problem.line}`}: ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;
}

function inferredNote(inferences: readonly Inference[]): string {
  const lines = inferences.map((one) => `  ${one.key} = ${JSON.stringify(one.value)}  (${one.evidence})`);
  return `There is no ${profilePath}; this was inferred from the files:\n${lines.join('\n')}\n`;
}

/** A folder without a profile may be only a part of what somebody meant. */
function partNote(folder: string): string {
  const around = repositoryAround(folder);
  return around === undefined
    ? ''
    : `Note: ${folder} is a folder of the repository ${around}, and nothing outside it was read. If you mean the whole: --repo ${around}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
