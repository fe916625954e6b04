// One result for everybody who asks for the same; whoever goes on to something else takes it from nobody.
import { expect, it } from 'vitest';
import { ReplacedError } from './latest-turn';
import { onceEach } from './once-each';

function bench(isFinal: (result: string) => boolean = () => true) {
  const ask = onceEach(2, isFinal);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    ask: (key: string, person: string) =>
      ask(key, person, async () => {
        begun.push(`${person} ${key}`);
        await new Promise<void>((end) => ends.set(`${person} ${key}`, end));
        return `${key} for ${person}`;
      }),
    end: (what: string) => ends.get(what)?.(),
  };
}

it('gives everybody the same result, and the oldest are forgotten', async () => {
  const { ask, begun, end } = bench();
  const both = [ask('x', 'dana'), ask('x', 'omar')];
  end('dana x');
  expect(await Promise.all(both)).toEqual(['x for dana', 'x for dana']);
  expect(await ask('x', 'eve')).toBe('x for dana');
  for (const key of ['y', 'z']) {
    const result = ask(key, 'dana');
    end(`dana ${key}`);
    await result;
  }
  void ask('x', 'eve');
  expect(begun).toEqual(['dana x', 'dana y', 'dana z', 'eve x']);
});

it('works out again what is not final', async () => {
  const { ask, begun, end } = bench((result) => result !== 'x for dana');
  const first = ask('x', 'dana');
  end('dana x');
  await first;
  const second = ask('x', 'omar');
  end('omar x');
  expect([await second, await ask('x', 'dana')]).toEqual(['x for omar', 'x for omar']);
  expect(begun).toEqual(['dana x', 'omar x']);
});

it('gives who shared a waiting task a turn of their own when the other goes on to a newer one', async () => {
  const { ask, begun, end } = bench();
  const first = ask('first', 'dana');
  const waiting = ask('shared', 'dana');
  const again = ask('shared', 'dana');
  const others = [ask('shared', 'omar'), ask('shared', 'eve')];
  const newest = ask('newest', 'dana');
  // Dana’s own is replaced, in each of her windows.
  await expect(waiting).rejects.toBeInstanceOf(ReplacedError);
  await expect(again).rejects.toBeInstanceOf(ReplacedError);
  await expect.poll(() => begun).toEqual(['dana first', 'omar shared']);
  end('omar shared');
  expect(await Promise.all(others)).toEqual(['shared for omar', 'shared for omar']);
  end('dana first');
  expect(await first).toBe('first for dana');
  await expect.poll(() => begun).toContain('dana newest');
  end('dana newest');
  expect(await newest).toBe('newest for dana');
});
