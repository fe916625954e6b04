import { describe, expect, it } from 'vitest';
import { digestOf } from './digest';
import type { PlannedCommit } from './types';

const commit: PlannedCommit = {
  key: 'ports',
  subject: 'feat(ports): reserve 1',
  body: 'why',
  files: [{ path: 'a', before: 'x', after: 'xy', executable: false }],
};
const [file] = commit.files;

describe('digestOf', () => {
  it('is sha-256 in hex and the same for the same change set', () => {
    expect(digestOf([commit])).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf([structuredClone(commit)])).toBe(digestOf([commit]));
  });

  it.each([
    ['the subject', [{ ...commit, subject: 'other' }]],
    ['the path', [{ ...commit, files: [{ ...file, path: 'b' }] }]],
    ['the mode', [{ ...commit, files: [{ ...file, executable: true }] }]],
    ['the bytes before', [{ ...commit, files: [{ ...file, before: '' }] }]],
    ['whether there was a file', [{ ...commit, files: [{ ...file, before: null }] }]],
    ['the bytes after', [{ ...commit, files: [{ ...file, after: 'xy\n' }] }]],
    ['whether the file stays', [{ ...commit, files: [{ ...file, after: null }] }]],
    ['where one part ends', [{ ...commit, files: [{ ...file, before: 'xx', after: 'y' }] }]],
    ['the commits', [commit, commit]],
    ['the number of files', [{ ...commit, files: [] }]],
  ])('changes with %s', (_, commits) => {
    expect(digestOf(commits as PlannedCommit[])).not.toBe(digestOf([commit]));
  });
});
