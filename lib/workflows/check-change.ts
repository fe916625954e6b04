/**
 * Every check of a change: those of the generator, and those by the real tools. The first take milliseconds and run at each keystroke; the second run where
 * there is time for them, before anything is pushed. Reads no database and writes nothing.
 */
import { availableParallelism } from 'node:os';
import { checkInput, type CheckInput } from '@/lib/generator/checks/check';
import { runChecks, type CheckContext, type TimedCheckResult } from '@/lib/generator/checks/index';
import type { RenderedManifests } from '@/lib/generator/pull-request/input';
import {
  helmLintName,
  helmTemplateName,
  judgeDocuments,
  judgeLint,
  judgeReferences,
  judgeTemplate,
  kubernetesReferencesName,
  kubernetesSchemaName,
  renderedAdditions,
  runCharts,
  type ChartRuns,
} from './tool-checks/charts';
import { composeConfigName, judgeCompose } from './tool-checks/compose-config';
import { judgeScripts, shellcheckName } from './tool-checks/shellcheck';
import { runnerOf, timed, type Runner, type ToolCheckName, type ToolVerdict } from './tool-checks/tool-check';

/** What all checks found. */
export interface CheckedChange {
  /** In-process checks first, each by its id once. */
  checks: TimedCheckResult[];
  /** What Helm renders that it did not render before. */
  rendered: RenderedManifests[];
}

/** What the checks by tools found. */
export interface ToolChecks extends CheckedChange {
  /** Those of the checks that a tool gave no verdict for though it is here: another try may. */
  withoutVerdict: TimedCheckResult[];
}

export interface CheckOptions {
  /** Milliseconds, for the durations. */
  clock?: () => number;
  /** What programs are run by; all checks of a process share one that runs as many at a time as the machine has cores. */
  run?: Runner;
}

const shared = runnerOf(availableParallelism());

interface ToolCheck {
  name: ToolCheckName;
  judge: (input: CheckInput, run: Runner, charts: Promise<ChartRuns>) => Promise<ToolVerdict>;
  /** Its own time begins when Helm is done. */
  isAfterHelm?: true;
}

/** In the order in which they are shown. */
const toolChecks: readonly ToolCheck[] = [
  { name: composeConfigName, judge: (input, run) => judgeCompose(input, run) },
  { name: helmLintName, judge: async (_input, _run, charts) => judgeLint(await charts) },
  { name: helmTemplateName, judge: async (_input, _run, charts) => judgeTemplate(await charts) },
  {
    name: kubernetesSchemaName,
    judge: async (input, _run, charts) => judgeDocuments(await charts, input),
    isAfterHelm: true,
  },
  { name: kubernetesReferencesName, judge: async (_input, _run, charts) => judgeReferences(await charts) },
  { name: shellcheckName, judge: (input, run) => judgeScripts(input, run) },
];

/** The ids of the checks by tools, in that order. */
export const toolCheckIds: readonly string[] = toolChecks.map(({ name }) => name.id);

/** Runs all checks, the tools beside each other. */
export async function checkChange(context: CheckContext, options: CheckOptions = {}): Promise<CheckedChange> {
  const { clock = () => performance.now() } = options;
  const tools = checkWithTools(context, options);
  const checks = runChecks(context, clock);
  const { checks: byTools, rendered } = await tools;
  return { checks: [...checks, ...byTools], rendered };
}

/** Runs the checks by tools alone. */
export async function checkWithTools(context: CheckContext, options: CheckOptions = {}): Promise<ToolChecks> {
  const { clock = () => performance.now(), run = shared } = options;
  const input = checkInput(context);
  const charts = runCharts(input, run);
  const results = await Promise.all(
    toolChecks.map(async ({ name, judge, isAfterHelm }) => {
      if (isAfterHelm) await charts.catch(() => undefined);
      return timed(name, clock, () => judge(input, run, charts));
    }),
  );
  // A Helm that broke has been told by its own checks.
  const rendered = await charts.then(renderedAdditions, () => []);
  const checks = results.map(({ noVerdict: _flag, ...check }) => check);
  return { checks, rendered, withoutVerdict: checks.filter((_check, index) => results[index]?.noVerdict) };
}
