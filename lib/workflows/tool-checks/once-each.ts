/** What follows from a key alone is worked out once, whoever asks for it, and kept for the next. */
import { latestTurns, ReplacedError } from './latest-turn';

interface Kept<T> {
  result: Promise<T>;
  /** Whose turn it takes. */
  person: string;
}

/**
 * Makes a function that runs the task of a key once, in the turn of the person who asked first, and gives everybody else the same result.
 * The promise rejects with a ReplacedError only where the person's own newer task took the place of this one: whoever shared the result of
 * somebody who went on to another gets a turn of their own.
 * @param most how many results are kept.
 * @param isFinal whether a result holds for whoever asks later; one that does not is worked out again, as is one that broke.
 */
export function onceEach<T>(
  most: number,
  isFinal: (result: T) => boolean,
): (key: string, person: string, task: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, Kept<T>>();
  const inTurn = latestTurns();
  const ask = (key: string, person: string, task: () => Promise<T>): Promise<T> => {
    const known = kept.get(key);
    if (known)
      return known.person === person
        ? known.result
        : known.result.catch((error: unknown) => {
            if (error instanceof ReplacedError) return ask(key, person, task);
            throw error;
          });
    const entry = { person, result: inTurn(person, task) };
    kept.set(key, entry);
    const forget = () => {
      if (kept.get(key) === entry) kept.delete(key);
    };
    // Before anybody who shares the result hears of it, so that they find the place free.
    entry.result.then((result) => {
      if (!isFinal(result)) forget();
    }, forget);
    for (const oldest of [...kept.keys()].slice(0, -most)) kept.delete(oldest);
    return entry.result;
  };
  return ask;
}
