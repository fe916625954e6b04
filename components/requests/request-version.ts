/** What of a request a page has shown, as a short text: another one means that the page should look again. */
import type { RequestDetails } from '@/lib/requests/views';

export function requestVersion(
  request: Pick<
    RequestDetails,
    'state' | 'cancelling' | 'timeline' | 'steps' | 'followUps' | 'branchTaken' | 'githubChecks'
  >,
): string {
  const steps = request.steps.map((step) => `${step.status.slice(0, 2)}${step.attempts}`);
  const ticked = request.followUps.map((step) => (step.done ? '1' : '0')).join('');
  const taken = request.branchTaken ? (request.branchTaken.takeOverAsked ? 'o' : 't') : '';
  // Checks that run say nothing on the timeline.
  const count = (state: 'pass' | 'fail' | 'pending') =>
    request.githubChecks.filter((one) => one.state === state).length;
  const checks = [count('pass'), count('fail'), count('pending')].join('-');
  return [
    request.state,
    request.cancelling ? 'c' : '',
    taken,
    request.timeline.at(-1)?.id ?? '0',
    ticked,
    checks,
    ...steps,
  ].join('.');
}
