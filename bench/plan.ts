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

const failures: string[] = [];

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

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

function tell(name: string, values: readonly number[]): void {
  console.log(
    `  ${name.padEnd(7)} median ${at(values, 0.5).toFixed(1)} ms, p95 ${at(values, 0.95).toFixed(1)} ms, slowest ${at(values, 1).toFixed(1)} ms (${values.length} rounds)`,
  );
}

function limit(what: string, value: number, most: number, unit: string): void {
  if (!(value <= most)) failures.push(`${what}: ${value.toFixed(1)} ${unit} is over ${most} ${unit}.`);
}

const medians: number[] = [];
for (const [scale, rounds] of [
  [1, 200],
  [10, 40],
] as const) {
  const platform = largePlatform(scale);
  const { compose, traefik, registry } = platform.lines;
  console.log(`${compose} lines of Compose, ${traefik} of Traefik, ${registry} of the registry`);
  const times = measure(platform, rounds);
  tell('plan', times.plan);
  tell('checks', times.checks);
  medians.push(at(times.plan, 0.5));
  if (scale > 1) continue;
  collectGarbage();
  const memory = process.memoryUsage().heapUsed / 1e6;
  console.log(`  memory  ${Math.round(memory)} MB`);
  limit('The plan', at(times.plan, 0.5), LIMITS.planMs, 'ms');
  limit('The checks', at(times.checks, 0.5), LIMITS.checksMs, 'ms');
  limit('The memory', memory, LIMITS.memoryMb, 'MB');
}
const [usual = Number.NaN, long = Number.NaN] = medians;
console.log(`ten times as long takes ${(long / usual).toFixed(1)} times the time`);
limit('Ten times as long', long / usual, LIMITS.ratio, 'times');

const { tree, profile } = largePlatform(1);
const { resolved } = resolveFromTree(everything, profile, tree, { date: '2026-11-03' });
const plan = planAddition({ manifest: resolved, profile, tree });
const start = performance.now();
const { checks } = await checkChange({ plan, manifest: resolved, profile, tree });
const took = performance.now() - start;
const notRun = checks.filter((check) => check.status === 'not-run').map((check) => check.name);
console.log(
  `all ${checks.length} checks, with the real tools: ${Math.round(took)} ms${notRun.length > 0 ? `; not run: ${notRun.join(', ')}` : ''}`,
);
limit('All checks', took, LIMITS.toolsMs, 'ms');

for (const failure of failures) console.error(failure);
if (failures.length > 0) process.exitCode = 1;
