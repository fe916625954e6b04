import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { expandedSize, MOST_NODES } from './expanded-size';
import { parseYaml } from './parse';

/** `a0` is a list, and each anchor after it is a list of the one before, twice. */
function bomb(levels: number): string {
  const lines = ['a0: &a0 [x, x]'];
  for (let level = 1; level <= levels; level += 1) lines.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
  return `${lines.join('\n')}\n`;
}

describe('expandedSize', () => {
  it('counts an alias as what it stands for', () => {
    expect(expandedSize(parseDocument('a: &a [1, 2]\nb: *a\n'))).toBe(1 + 2 * (1 + 3));
    expect(expandedSize(parseDocument('a: 1\n'))).toBe(3);
    expect(expandedSize(parseDocument('a: &x 1\nb: &x [1, 1]\nc: *x\n'))).toBe(1 + 2 + 4 + 4);
  });

  it('takes no longer for what unfolds to more', () => {
    expect(expandedSize(parseDocument(bomb(200)))).toBeGreaterThan(1e50);
  });
});

describe('a file that unfolds to more than anybody keeps', () => {
  it('is left alone, and says so', () => {
    expect(parseYaml(bomb(40), 'x.yml')).toMatchObject({
      ok: false,
      refusal: { reason: expect.stringMatching(/anchors/) as string },
    });
    expect(expandedSize(parseDocument(bomb(40)))).toBeGreaterThan(MOST_NODES);
  });

  it('is not confused with one that merges the same anchor a hundred times', () => {
    const services = Array.from({ length: 200 }, (_, index) => `  s${index}:\n    <<: *d\n    image: x\n`).join('');
    expect(parseYaml(`x-d: &d\n  restart: always\n  labels: [a, b, c]\nservices:\n${services}`, 'x.yml').ok).toBe(true);
  });
});
