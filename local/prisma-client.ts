// The Prisma client, generated when the schema changed. The work is done by a script that also runs at installation.
import { ensurePrismaClient as generateIfNeeded } from '../scripts/prisma-client.mjs';
import { StackError } from './stack-error';

/** @returns true when it was generated now. @throws StackError with what Prisma said */
export function ensurePrismaClient(): Promise<boolean> {
  try {
    return Promise.resolve(generateIfNeeded());
  } catch (error) {
    return Promise.reject(new StackError(error instanceof Error ? error.message : String(error), { cause: error }));
  }
}
