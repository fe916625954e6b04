// Paths in a profile reach programs and the file system: what they may not be.
import { describe, expect, it } from 'vitest';
import { Path } from './words';

describe('a path in a profile', () => {
  it.each(['charts', 'a-b/c--d', './x', 'docs/run-books/{service}.md'])('may be %s', (path) =>
    expect(Path.safeParse(path).success).toBe(true),
  );
  it.each(['', '/etc', 'a/../b', '-f', 'a\\b.yml', 'x/--post-renderer=sh', '-x/y'])('may not be %j', (path) =>
    expect(Path.safeParse(path).success).toBe(false),
  );
});
