/** Structured logs on standard output. Secrets are struck out by name wherever they stand; nobody logs a whole request or environment. */
import { randomBytes } from 'node:crypto';
import { pino, type Logger } from 'pino';
import { auditOrigin } from '@/lib/audit-origin';
import { logLevel } from '@/lib/env';

const secretKeys = [
  'token',
  'secret',
  'password',
  'authorization',
  'cookie',
  'privateKey',
  'clientSecret',
  'access_token',
  'id_token',
  'refresh_token',
];

let root: Logger | undefined;

/** @param name the part of the house that speaks: `worker`, `http`, … */
export function log(name: string): Logger {
  root ??= pino({
    level: logLevel(),
    mixin: () => {
      const origin = auditOrigin();
      return origin ? { correlationId: origin.correlationId } : {};
    },
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[struck out]' },
  });
  return root.child({ name });
}

/** A short reference that a person can read out and an operator can find in the log: `slw-4f7k2m9q`. */
export function newReference(): string {
  return `slw-${randomBytes(5).toString('hex')}`;
}
