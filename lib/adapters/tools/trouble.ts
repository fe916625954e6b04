/** Says in words how a program ended that gave no verdict. */
import type { ProgramResult } from './run-program';

/** Undefined where it ran to its end, whatever its exit code. */
export function troubleWith(name: string, result: ProgramResult): string | undefined {
  switch (result.ended) {
    case 'timeout':
      return `${name} was still running after ${Math.round(result.durationMs / 1000)} seconds and was ended.`;
    case 'too-much-output':
      return `${name} printed more than is read and was ended.`;
    case 'too-much-memory':
      return `${name} wanted more memory than a check may have, and ended.`;
    case 'not-started':
      return `${name} could not be started: ${result.err}`;
    case 'exit':
      return result.code === undefined ? `${name} was ended by a signal.` : undefined;
  }
}
