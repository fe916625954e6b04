/** Whoever types on asks for check after check: one runs, the newest waits, and those in between are of no use to anybody. */
import { ConflictError } from '@/lib/errors';

/** A newer task of the same person took the place of this one, which waited. */
export class ReplacedError extends ConflictError {}

interface Waiting {
  begin: () => void;
  replace: () => void;
}

/**
 * Makes a function that runs at most one task of a person at a time and lets at most one wait.
 * The returned promise rejects with a ReplacedError where a newer task of the same person takes the place of the waiting one.
 */
export function latestTurns(): <T>(person: string, task: () => Promise<T>) => Promise<T> {
  // A person has an entry while a task of theirs runs.
  const underWay = new Map<string, Waiting | undefined>();
  return async (person, task) => {
    if (underWay.has(person))
      await new Promise<void>((begin, reject) => {
        underWay.get(person)?.replace();
        const replace = () => reject(new ReplacedError('A newer version of the draft is checked instead.'));
        underWay.set(person, { begin, replace });
      });
    else underWay.set(person, undefined);
    try {
      return await task();
    } finally {
      const next = underWay.get(person);
      if (next) {
        underWay.set(person, undefined);
        next.begin();
      } else underWay.delete(person);
    }
  };
}
