import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inkLine, traceOf } from './ink';

const joined = (text: string, path = 'a.yml') =>
  inkLine(text, path, traceOf(['livekit', '7893'], ['7893']))
    .map((piece) => piece.text)
    .join('');

describe('inkLine', () => {
  it('knows keys, comments and what is neither', () => {
    expect(inkLine('      - url: "http://h:7893" # was 7880', 'a.yml')).toEqual([
      { text: '      - ' },
      { text: 'url', ink: 'key' },
      { text: ':' },
      { text: ' "http://h:7893" ' },
      { text: '# was 7880', ink: 'comment' },
    ]);
    expect(inkLine('  "a#b": c#d', 'a.yml').map((piece) => piece.ink)).toEqual([
      undefined,
      'key',
      undefined,
      undefined,
    ]);
    expect(inkLine('  # --- realtime: here', 'a.yml')).toEqual([
      { text: '  ' },
      { text: '# --- realtime: here', ink: 'comment' },
    ]);
    expect(inkLine('# Heading: text', 'a.md')).toEqual([{ text: '# Heading: text' }]);
  });

  it('traces typed values, whole and the longest first', () => {
    const trace = traceOf(['livekit', 'livekit-egress', '7893', 'x'], ['7893']);
    const marks = inkLine('  livekit-egress-svc: "7893:7980" 17893', 'a.yml', trace).filter((piece) => piece.traced);
    expect(marks).toEqual([
      { text: 'livekit-egress', ink: 'key', traced: 'typed' },
      { text: '7893', traced: 'lit' },
    ]);
  });

  it('never changes the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(joined(text)).toBe(text);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[ \-a:#"'livekt7893[\]{}]*$/), (text) => {
        expect(joined(text)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
