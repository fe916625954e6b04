import { expect, test } from 'vitest';
import { isUndone } from './is-undone';

const compose = (image: string, memory: string) =>
  ['services:', '  egress:', `    image: ${image}`, '    restart: always', `    mem_limit: ${memory}`, ''].join('\n');
const notes = (image: string) => ['# Egress', '', `It runs ${image}.`, '', 'Ask realtime.', ''].join('\n');
const filesOf = (texts: Record<string, string>) => ({
  paths: Object.keys(texts).sort(),
  read: (path: string) => texts[path],
});

/** A change of the image and the memory. */
const edits = [
  { path: 'compose.yml', before: compose('egress:1', '256m'), after: compose('egress:2', '512m') },
  { path: 'notes.md', before: notes('egress:1'), after: notes('egress:2') },
];
const before = { 'compose.yml': compose('egress:1', '256m'), 'notes.md': notes('egress:1') };
const after = { 'compose.yml': compose('egress:2', '512m'), 'notes.md': notes('egress:2') };
/** With another service in front, as a merge on a main that had moved on leaves it, or a later edit. */
const withMore = (texts: Record<string, string>) => ({
  ...texts,
  'compose.yml': (texts['compose.yml'] ?? '').replace('services:\n', 'services:\n  ingress:\n    image: ingress:7\n'),
});
const isUndoneIn = (now: Record<string, string>, merged: Record<string, string> = after) =>
  isUndone(edits, filesOf(merged), filesOf(now));

test('what stands is not undone, and what was reverted wholly is', () => {
  expect(isUndoneIn(after)).toBe(false);
  expect(isUndoneIn(before)).toBe(true);
});

test('what was reverted in part stands: in one file of two, or in one line of a file', () => {
  expect(isUndoneIn({ ...after, 'compose.yml': before['compose.yml'] })).toBe(false);
  expect(isUndoneIn({ ...before, 'compose.yml': compose('egress:1', '512m') })).toBe(false);
});

test('edits elsewhere in the files, before the merge or after it, change nothing of the answer', () => {
  expect(isUndoneIn(withMore(after))).toBe(false);
  expect(isUndoneIn(withMore(before))).toBe(true);
  // Main had moved on before the merge: the plan was made without what the merge has.
  expect(isUndoneIn(withMore(after), withMore(after))).toBe(false);
  expect(isUndoneIn(withMore(before), withMore(after))).toBe(true);
});

test('whoever edits the very lines later does not undo them; nor does a reverted file beside one that was edited then hide that', () => {
  expect(isUndoneIn({ 'compose.yml': compose('egress:3', '768m'), 'notes.md': notes('egress:3') })).toBe(false);
  expect(isUndoneIn({ ...after, 'compose.yml': compose('egress:3', '768m') })).toBe(false);
  expect(isUndoneIn({ ...before, 'compose.yml': compose('egress:1.1', '384m') })).toBe(true);
});

test('what a reviewer changed in the branch is undone as well; what he left out of it is nothing to undo', () => {
  const reviewed = { ...after, 'compose.yml': compose('egress:2.1', '512m') };
  expect(isUndoneIn(reviewed, reviewed)).toBe(false);
  expect(isUndoneIn(before, reviewed)).toBe(true);
  expect(isUndoneIn(before, before)).toBe(false);
});

test('a file that a change made or took out counts by being there; one that moved away says nothing', () => {
  const made = { path: 'values.yaml', before: null, after: 'replicas: 2\n' };
  const gone = { path: 'old.yaml', before: 'replicas: 1\n', after: null };
  const judge = (now: Record<string, string>) =>
    isUndone([made, gone], filesOf({ 'values.yaml': 'replicas: 2\n' }), filesOf(now));
  expect(judge({ 'values.yaml': 'replicas: 3\n' })).toBe(false);
  expect(judge({ 'old.yaml': 'replicas: 1\n' })).toBe(true);
  expect(judge({ 'values.yaml': 'replicas: 2\n', 'old.yaml': 'replicas: 1\n' })).toBe(false);
  expect(isUndoneIn({ 'moved.yml': before['compose.yml'], 'notes.md': notes('egress:2') })).toBe(false);
});
