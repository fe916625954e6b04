// A person's checks: one runs, the newest waits, the others are told at once. Nobody waits for anybody else.
import { expect, it } from 'vitest';
import { ConflictError } from '@/lib/errors';
import { latestTurns } from './latest-turn';

it('lets one run and one wait, the newest, and leaves others alone', async () => {
  const turn = latestTurns();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (person: string, name: string) =>
    turn(person, async () => {
      begun.push(name);
      await new Promise<void>((end) => ends.set(name, end));
      if (name === 'first') throw new Error('broke');
      return name;
    });
  const first = ask('dana', 'first');
  const second = ask('dana', 'second');
  const third = ask('dana', 'third');
  const other = ask('omar', 'other');
  await expect(second).rejects.toBeInstanceOf(ConflictError);
  expect(begun).toEqual(['first', 'other']);
  ends.get('other')?.();
  expect(await other).toBe('other');
  ends.get('first')?.();
  await expect(first).rejects.toThrow('broke');
  await expect.poll(() => begun).toEqual(['first', 'other', 'third']);
  const fourth = ask('dana', 'fourth');
  ends.get('third')?.();
  expect(await third).toBe('third');
  await expect.poll(() => ends.has('fourth')).toBe(true);
  ends.get('fourth')?.();
  expect(await fourth).toBe('fourth');
});
