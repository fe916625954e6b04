/**
 * How long a plan takes, warm: resolve, all emitters, every proof; and the checks beside it. On the sample, on files of the usual length (1,500 lines of
 * Compose, 900 of Traefik, 500 of the registry) and on files ten times as long. The numbers to keep: a median under 50 ms and 200 MB at the usual length,
 * at most twelve times the time at ten times the length, in-process checks under 1 s, all with the real tools under 10 s. Run it with `npm run bench`.
 */
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { exampleSpec } from '../cli/example-spec';
import { parseSpec } from '../cli/read-spec';
import { runChecks } from '../lib/generator/checks/index';
import { planAddition } from '../lib/generator/plan';
import { resolveFromTree } from '../lib/generator/resolve';
import { Manifest } from '../lib/services/manifest';
import { checkChange } from '../lib/workflows/check-change';
import { largePlatform, type LargePlatform } from './large-platform';
import { percentile, Report } from './report';

const LIMITS = { planMs: 50, memoryMb: 200, ratio: 12, checksMs: 1000, toolsMs: 10_000 } as const;
const WARM_UP = 20;

const parsed = parseSpec(exampleSpec);
if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
/** A service that every emitter has something to write for. */
const everything = Manifest.parse({
  ...parsed.manifest,
  security: { ...parsed.manifest.security, mtls: true },
  runtime: {
    ...parsed.manifest.runtime,
    source: { kind: 'build', context: 'services/voice' },
    compose: {},
    kubernetes: { autoscaling: { kind: 'load', max: 4 }, networkPolicy: {}, disruptionBudget: { minAvailable: 1 } },
  },
  observability: {
    metrics: {},
    probe: parsed.manifest.routing !== undefined,
    dashboard: true,
    alerts: [{ name: 'Down', expression: 'up == 0', summary: 'It does not answer' }],
  },
  messaging: { queues: [{ name: 'voice-jobs', environment: 'VOICE_JOBS_URL', topics: ['calls'] }] },
  delivery: {},
});

interface Measured {
  plan: number[];
  checks: number[];
}

function measure(platform: LargePlatform, rounds: number): Measured {
  const { tree, profile } = platform;
  const times: Measured = { plan: [], checks: [] };
  for (let round = 0; round < WARM_UP + rounds; round += 1) {
    // Another name each time: a person types, and what was parsed of the result before is of no use.
    const manifest = { ...everything, name: `voice-${round.toString(36)}` };
    const start = performance.now();
    const { resolved, conflicts } = resolveFromTree(manifest, profile, tree, { date: '2026-11-03' });
    const plan = planAddition({ manifest: resolved, profile, tree });
    const planned = performance.now();
    const checks = runChecks({ plan, manifest: resolved, profile, tree });
    const checked = performance.now();
    if (plan.files.length < 10 || checks.length === 0) throw new Error(JSON.stringify([conflicts, plan.refusals]));
    if (round < WARM_UP) continue;
    times.plan.push(planned - start);
    times.checks.push(checked - planned);
  }
  return times;
}

/** Node collects when it likes: what is in use is told after it has. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  // A script that calls it, since a function out of another context has no type to call it by.
  runInNewContext('gc()');
}

const report = new Report('A plan of all emitters');

/** Milliseconds with a fraction: plans are short. */
function figures(values: readonly number[]): string {
  const at = (share: number) => `${percentile(values, share).toFixed(1)} ms`;
  return `median ${at(0.5)}, p95 ${at(0.95)}, slowest ${at(1)} (${values.length})`;
}

function limit(what: string, measured: string, value: number, most: number, unit: string): void {
  report.judge(what, measured, `${unit === 'ms' ? 'median under' : 'at most'} ${most} ${unit}`, value <= most);
}

const medians: number[] = [];
for (const [scale, rounds] of [
  [1, 200],
  [10, 40],
] as const) {
  const platform = largePlatform(scale);
  const { compose, traefik, registry } = platform.lines;
  const times = measure(platform, rounds);
  const median = percentile(times.plan, 0.5);
  medians.push(median);
  const lines = `${compose}, ${traefik}, ${registry} lines of Compose, Traefik, registry`;
  if (scale > 1) {
    report.tell(`plan, ${lines}`, figures(times.plan));
    report.tell('checks', figures(times.checks));
    continue;
  }
  limit(`plan, ${lines}`, figures(times.plan), median, LIMITS.planMs, 'ms');
  limit('checks', figures(times.checks), percentile(times.checks, 0.5), LIMITS.checksMs, 'ms');
  collectGarbage();
  const memory = process.memoryUsage().heapUsed / 1e6;
  limit('memory', `${memory.toFixed(0)} MB`, memory, LIMITS.memoryMb, 'MB');
}
const [usual = Number.NaN, long = Number.NaN] = medians;
limit('ten times as long', `${(long / usual).toFixed(1)} times the time`, long / usual, LIMITS.ratio, 'times');

const { tree, profile } = largePlatform(1);
const { resolved } = resolveFromTree(everything, profile, tree, { date: '2026-11-03' });
const plan = planAddition({ manifest: resolved, profile, tree });
const start = performance.now();
const { checks } = await checkChange({ plan, manifest: resolved, profile, tree });
const took = performance.now() - start;
const notRun = checks.filter((check) => check.status === 'not-run').map((check) => check.name);
const absent = notRun.length > 0 ? `; not run: ${notRun.join(', ')}` : '';
report.judge(
  `all ${checks.length} checks, with the real tools`,
  `${took.toFixed(0)} ms${absent}`,
  `at most ${LIMITS.toolsMs} ms`,
  took <= LIMITS.toolsMs,
);
report.print();
