/** What an operator's end of a merged request that main does not show leaves behind. */
import { actionNamed } from './states';

/**
 * What is free then, and what stays.
 * @returns a clause: `An operator may end the request: then …`.
 */
export function afterEnding({ action, serviceName }: { action: string; serviceName: string }): string {
  switch (actionNamed(action)) {
    case 'add':
      return 'its ports, hosts, runbook number and name are free';
    case 'change':
      return `${serviceName} stays as it was, and what only the change had is free`;
    case 'remove':
      return `${serviceName} stays, with its ports and hosts`;
  }
}
