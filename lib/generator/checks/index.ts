/**
 * What must hold before a pull request is opened, one line each. Checks compare the base with the result: only what the change adds can fail,
 * old faults are listed apart.
 */
import type { CheckResult } from '../types';
import { additionsOnly } from './additions-only';
import { checkInput, type Check, type CheckContext, type CheckInput, type Verdict } from './check';
import { composeSchema } from './compose-schema';
import { composeUnique } from './compose-unique';
import { hclValid } from './hcl-valid';
import { hostsUnique } from './hosts-unique';
import { imagesValid } from './images-valid';
import { markdownLinks } from './markdown-links';
import { namesAgree } from './names-agree';
import { portsFree } from './ports-free';
import { probesReach } from './probes-reach';
import { prometheusValid } from './prometheus-valid';
import { referencesDefined } from './references-defined';
import { referencesKept } from './references-kept';
import { runbookNumberFree } from './runbook-number-free';
import { secretsByName } from './secrets-by-name';
import { spiffeConsistent } from './spiffe-consistent';
import { traefikSchema } from './traefik-schema';
import { undoRestores } from './undo-restores';
import { yamlParses } from './yaml-parses';

export type { Check, CheckContext };

/** A check's result with the time it took. */
export type TimedCheckResult = CheckResult & { durationMs: number };

export const checks: readonly Check[] = [
  additionsOnly,
  undoRestores,
  yamlParses,
  portsFree,
  namesAgree,
  referencesDefined,
  referencesKept,
  hostsUnique,
  secretsByName,
  runbookNumberFree,
  markdownLinks,
  prometheusValid,
  composeSchema,
  composeUnique,
  imagesValid,
  probesReach,
  traefikSchema,
  hclValid,
  spiffeConsistent,
];

/**
 * Runs every check. A check that throws has failed, with its reason; it never takes the others with it.
 * @param clock milliseconds, for the durations; the generator itself knows no time.
 */
export function runChecks(context: CheckContext, clock: () => number = () => 0): TimedCheckResult[] {
  const input = checkInput(context);
  return checks.map((check) => {
    const start = clock();
    const result = runOne(check, input);
    return { id: check.id, name: check.name, ...result, durationMs: Math.max(0, clock() - start) };
  });
}

function runOne(check: Check, input: CheckInput): Verdict {
  try {
    return check.run(input);
  } catch (error) {
    return {
      status: 'fail',
      summary: 'The check itself broke; this is a fault in Slipway.',
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
