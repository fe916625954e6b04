// Two people on one draft, in any order of typing, saving, hearing of each other and choosing: they end with the same draft, and nothing goes silently.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choose, conflictsOf, mergeServer, toSave, type Shared } from './merge';
import { applyPatches, diffContent, sameJson, valueAt, withValueAt, type Json } from './patch';

const draft = {
  name: 'a',
  purpose: '',
  routing: { host: 'h', path: '/' },
  ports: [{ rowId: 'p', name: 'http', external: 'auto' }],
};
const start: Json = draft;
const fresh = (content: Json): Shared => ({ base: content, server: content, inDoubt: [] });

describe('a copy of the server comes into the form', () => {
  it('takes what nobody types here, and keeps what is typed here', () => {
    const mine = withValueAt(start, 'name', 'mine');
    const server = withValueAt(start, 'purpose', 'theirs');
    const merged = mergeServer(fresh(start), mine, server);
    expect(merged.form).toEqual({ ...draft, name: 'mine', purpose: 'theirs' });
    expect(merged.conflicts).toEqual([]);
    expect(toSave(merged.shared, merged.form)).toEqual([{ path: 'name', from: 'a', to: 'mine' }]);
  });

  it('holds a field that both wrote, until a person has chosen', () => {
    const server = withValueAt(start, 'name', 'theirs');
    const merged = mergeServer(fresh(start), withValueAt(start, 'name', 'mine'), server);
    expect(merged.conflicts).toEqual([{ path: 'name', mine: 'mine', theirs: 'theirs' }]);
    expect(valueAt(merged.form, 'name')).toBe('mine');
    expect(toSave(merged.shared, merged.form)).toEqual([]);
    const kept = choose(merged.shared, merged.form, 'name', 'mine');
    expect(toSave(kept.shared, kept.form)).toEqual([{ path: 'name', from: 'theirs', to: 'mine' }]);
    const taken = choose(merged.shared, merged.form, 'name', 'theirs');
    expect(valueAt(taken.form, 'name')).toBe('theirs');
    expect(toSave(taken.shared, taken.form)).toEqual([]);
  });

  it.each([
    ['a row that they removed', 'ports.p.name', 'ports.p', undefined],
    ['a group that they turned off', 'routing.host', 'routing', null],
  ])('shows %s as a whole, and can bring it back', (_, typed, path, theirs) => {
    const mine = withValueAt(start, typed, 'mine');
    const server = withValueAt(start, path, theirs);
    const merged = mergeServer(fresh(start), mine, server);
    expect(merged.conflicts).toEqual([{ path, mine: valueAt(mine, path), theirs }]);
    expect(valueAt(merged.form, typed)).toBe('mine');
    const kept = choose(merged.shared, merged.form, path, 'mine');
    const saved = applyPatches(server, toSave(kept.shared, kept.form));
    expect(valueAt(saved.content, typed)).toBe('mine');
  });

  it('knows its own save whose answer was lost, and what was typed after it', () => {
    const sent = withValueAt(start, 'name', 'sent');
    const shared = { ...fresh(start), inDoubt: diffContent(start, sent) };
    const merged = mergeServer(shared, withValueAt(start, 'name', 'sent and more'), sent, []);
    expect(merged.conflicts).toEqual([]);
    expect(toSave(merged.shared, merged.form)).toEqual([{ path: 'name', from: 'sent', to: 'sent and more' }]);
  });
});

interface Editor {
  shared: Shared;
  form: Json;
  /** Everything that this person has had before their eyes. */
  seen: Json[];
}

type Step =
  | { kind: 'type'; who: 0 | 1; path: string; value: Json | undefined }
  | { kind: 'save' | 'lose' | 'hear'; who: 0 | 1 }
  | { kind: 'choose'; who: 0 | 1; choice: 'mine' | 'theirs' };

const who = fc.constantFrom<0 | 1>(0, 1);
const rowOf = (rowId: string, name: string): Json => ({ rowId, name, external: 'auto' });
const edit = fc.oneof(
  fc.record({
    path: fc.constantFrom('name', 'purpose', 'routing.host', 'ports.p.name', 'ports.q.external'),
    value: fc.constantFrom('x', 'y', 'z'),
  }),
  fc.constantFrom<{ path: string; value: Json | undefined }>(
    { path: 'routing', value: null },
    { path: 'routing', value: { host: 'on', path: '/' } },
    { path: 'ports.p', value: undefined },
    { path: 'ports.q', value: rowOf('q', 'grpc') },
    { path: 'ports.q', value: undefined },
  ),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(who, edit).map(([one, { path, value }]) => ({ kind: 'type' as const, who: one, path, value })),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('save' as const, 'lose' as const, 'hear' as const), who }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('choose' as const),
      who,
      choice: fc.constantFrom('mine' as const, 'theirs' as const),
    }),
  },
);

/** What is typed here and not saved must stand in the form after the server's copy came in. */
function hear(editor: Editor, server: Json): void {
  const unsaved = diffContent(editor.shared.base, editor.form);
  const sent = editor.shared.inDoubt;
  const { shared, form } = mergeServer(editor.shared, editor.form, server, []);
  for (const { path, to } of unsaved)
    if (!sent.some((patch) => patch.path === path)) expect(valueAt(form, path)).toEqual(to);
  editor.seen.push(form);
  Object.assign(editor, { shared, form });
}

/** The conflict's two values are before the person's eyes when they choose. */
function decide(editor: Editor, path: string, choice: 'mine' | 'theirs'): void {
  editor.seen.push(editor.shared.server);
  Object.assign(editor, choose(editor.shared, editor.form, path, choice));
}

/** Whatever a save takes away must have been seen by whoever saves. */
function save(server: Json, editor: Editor): Json {
  const patches = toSave(editor.shared, editor.form);
  const { content } = applyPatches(server, patches);
  for (const { path, from } of diffContent(server, content)) {
    const shown = editor.seen.some((seen) => sameJson(valueAt(seen, path), from));
    expect(shown, `${path} was ${JSON.stringify(from)}`).toBe(true);
  }
  editor.shared = { ...editor.shared, inDoubt: [...editor.shared.inDoubt, ...patches] };
  return content;
}

/** @returns what the server has then. */
function take(server: Json, editor: Editor, action: Step): Json {
  if (action.kind === 'type') {
    editor.form = withValueAt(editor.form, action.path, action.value);
    editor.seen.push(editor.form);
  } else if (action.kind === 'hear') hear(editor, server);
  else if (action.kind === 'choose') {
    const [conflict] = conflictsOf(editor.shared, editor.form);
    if (conflict) decide(editor, conflict.path, action.choice);
  } else {
    const next = save(server, editor);
    // A lost answer is found out about later, from the server's copy.
    if (action.kind === 'save') hear(editor, next);
    return next;
  }
  return server;
}

it('converges and loses nothing silently, in whatever order two people type, save, hear and choose', () => {
  const begin = (): Editor => ({ shared: fresh(start), form: start, seen: [start] });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let server = start as Json;
      const editors: [Editor, Editor] = [begin(), begin()];
      steps.forEach((action, index) => {
        const told = action.kind === 'type' && typeof action.value === 'string' && action.value !== 'x';
        const unique = told ? { ...action, value: `${action.value as string}${index}` } : action;
        server = take(server, editors[action.who], unique);
      });
      // They finish: each hears, chooses what is open, saves; then both hear once more.
      for (const editor of editors) {
        hear(editor, server);
        for (const { path } of conflictsOf(editor.shared, editor.form)) decide(editor, path, 'mine');
        const mine = editor.form;
        server = take(server, editor, { kind: 'save', who: 0 });
        expect(conflictsOf(editor.shared, editor.form)).toEqual([]);
        expect(diffContent(server, mine)).toEqual([]);
      }
      for (const editor of editors) hear(editor, server);
      for (const editor of editors) expect(editor.form).toEqual(server);
    }),
    { numRuns: 1000 },
  );
});
