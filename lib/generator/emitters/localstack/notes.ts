/** What a service's runbook says of its secrets: which there are, who sets each, and how its value is replaced. */
import type { EmitContext } from '../../types';
import { storedSecrets } from './calls';
import { setCommand } from './follow-ups';
import { findLocalstack } from './running';

/** One secret or parameter, in words and commands for people. */
export interface SecretNote {
  /** Full name in the store. */
  name: string;
  store: 'secret' | 'parameter';
  /** The variable that carries the name. */
  environment: string;
  purpose: string;
  /** `made when LocalStack starts`, or the owner. */
  setBy: string;
  /** Puts a new value in place; it reads the value from its input. The service reads it when it starts again. */
  rotate: string;
}

/** The notes in the order of the spec, the OAuth client last; commands go to the LocalStack that the Compose files run. */
export function secretNotes(context: EmitContext): SecretNote[] {
  const container = findLocalstack(context)?.container;
  return storedSecrets(context).map((secret) => ({
    name: secret.stored,
    store: secret.store,
    environment: secret.environment,
    purpose: secret.purpose,
    setBy: secret.source === 'generated' ? 'made when LocalStack starts' : context.manifest.owner,
    rotate:
      secret.source === 'generated'
        ? `openssl rand -hex 32 | ${setCommand(secret, container)}`
        : setCommand(secret, container),
  }));
}
