/**
 * How long a plan on the sample repository takes, warm: resolve, all emitters, every proof; and the checks beside it. The number to keep is a
 * median under 50 ms for the plan. Run it with `npm run bench`.
 */
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { exampleSpec } from '../cli/example-spec';
import { readCheckout } from '../cli/read-checkout';
import { parseSpec } from '../cli/read-spec';
import { runChecks } from '../lib/generator/checks/index';
import { loadProfile } from '../lib/generator/load-profile';
import { planAddition } from '../lib/generator/plan';
import { resolveFromTree } from '../lib/generator/resolve';

const LIMIT = 50;
const ROUNDS = 200;
const WARM_UP = 30;

const tree = readCheckout(fileURLToPath(new URL('../local/platform', import.meta.url)), (message) =>
  console.error(message),
);
const loaded = loadProfile(tree);
const spec = parseSpec(exampleSpec);
if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
if ('problems' in spec) throw new Error(JSON.stringify(spec.problems));
const { profile } = loaded;

const times = { plan: [] as number[], checks: [] as number[] };
for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
  // Another name each time: a person types, and what was parsed of the result before is of no use.
  const manifest = { ...spec.manifest, name: `voice-${round.toString(36)}` };
  const start = performance.now();
  const { resolved } = resolveFromTree(manifest, profile, tree, { date: '2026-11-03' });
  const plan = planAddition({ manifest: resolved, profile, tree });
  const planned = performance.now();
  const checks = runChecks({ plan, manifest: resolved, profile, tree });
  const checked = performance.now();
  if (plan.files.length === 0 || checks.length === 0) throw new Error('Nothing was planned.');
  if (round < WARM_UP) continue;
  times.plan.push(planned - start);
  times.checks.push(checked - planned);
}

for (const [name, values] of Object.entries(times)) {
  values.sort((a, b) => a - b);
  const at = (share: number) => (values[Math.floor(share * (values.length - 1))] ?? Number.NaN).toFixed(1);
  console.log(
    `${name.padEnd(7)} median ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms (${values.length} rounds)`,
  );
}
const median = times.plan[Math.floor((times.plan.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
console.log(`memory  ${Math.round(process.memoryUsage().heapUsed / 1e6)} MB`);
if (median > LIMIT) {
  console.error(`The plan's median of ${median.toFixed(1)} ms is over ${LIMIT} ms.`);
  process.exitCode = 1;
}
