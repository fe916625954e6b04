// One tab against a server that others write to as well: what is saved when, what comes in, and what waits for a person.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { emptyDraft, formOf, type DraftForm } from '@/lib/wizard/draft-form';
import { applyPatches, type Patch } from '@/lib/wizard/patch';
import type { SavedDraft } from '@/lib/wizard/shared-draft';
import { Refused } from './api';
import { DraftSession, type SessionView } from './draft-session';

const begun = emptyDraft();

/** A server as lib/wizard/save-draft.ts is, in memory. */
class Server {
  version = 1;
  content: DraftForm = begun;
  saves: string[][] = [];
  failure: Refused | undefined;
  /** Who the writer of what this tab has not seen is: the same person, elsewhere. */
  you = false;
  /** How long a save takes, in milliseconds. */
  latency = 0;

  private answer(): SavedDraft {
    if (this.failure) throw this.failure;
    const others = [{ path: 'purpose', by: 'Omar', you: this.you }];
    const savedAt = new Date(this.version).toISOString();
    return { version: this.version, content: this.content, savedAt, conflicts: [], others };
  }

  write(patches: readonly Patch[]): void {
    this.content = formOf(applyPatches(this.content, patches).content);
    this.version += 1;
  }

  begin = (content: DraftForm) => {
    this.content = content;
    return Promise.resolve(this.answer());
  };

  patch = async (patches: readonly Patch[]) => {
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
    else await Promise.resolve();
    if (!this.failure) this.write(patches);
    this.saves.push(patches.map(({ path }) => path));
    return this.answer();
  };

  read = async () => {
    await Promise.resolve();
    return this.answer();
  };
}

function open(server: Server, kept = new Map<string, string>()) {
  let content = structuredClone(server.content);
  let view: SessionView | undefined;
  const session = new DraftSession({
    id: 'draft',
    draft: { version: server.version, content: server.content, savedAt: 0 },
    form: { read: () => structuredClone(content), write: (next) => (content = next) },
    server,
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    onView: (next) => (view = next),
    onFirstChange: () => undefined,
  });
  const type = (words: Partial<DraftForm>) => {
    content = { ...content, ...words };
    session.typed('basics');
  };
  return { session, type, kept, form: () => content, view: () => view };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('saves within a second, though somebody types for ten without a pause, and only what changed', async () => {
  const server = new Server();
  const tab = open(server);
  for (let count = 1; count <= 100; count += 1) {
    tab.type({ purpose: 'x'.repeat(count) });
    await vi.advanceTimersByTimeAsync(100);
    // Ten keys are a second.
    expect(server.content.purpose.length).toBeGreaterThan(count - 10);
  }
  expect(server.saves.length).toBeLessThanOrEqual(13);
  expect(new Set(server.saves.flat())).toEqual(new Set(['purpose']));
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.content.purpose).toBe('x'.repeat(100));
  expect(tab.view()?.state.status).toBe('saved');
  expect(tab.kept.size).toBe(0);
});

it('says from the start that a draft is saved, unless this tab has words that the server does not', async () => {
  const server = new Server();
  const tab = open(server);
  tab.session.restore();
  expect(tab.view()?.state).toEqual({ status: 'saved', at: 0 });
  tab.type({ name: 'mine' });
  const reloaded = open(server, tab.kept);
  reloaded.session.restore();
  expect(reloaded.view()?.state.status).toBe('untouched');
  await vi.advanceTimersByTimeAsync(1000);
  expect(reloaded.view()?.state).toMatchObject({ status: 'saved', at: expect.any(Number) as number });
});

it('knows its own words when they come in late: what the page before sent as it was left', async () => {
  const server = new Server();
  server.you = true;
  const before = open(server);
  before.type({ name: 'typed before' });
  const after = open(server, before.kept);
  after.session.restore();
  server.write([{ path: 'name', from: '', to: 'typed before' }]);
  await after.session.hear(server.version);
  expect(after.view()?.state.status).toBe('saved');
  expect(after.view()?.conflicts).toEqual([]);
  // Another tab's words are news, though they are one's own.
  server.write([{ path: 'purpose', from: '', to: 'typed elsewhere' }]);
  await after.session.hear(server.version);
  expect(after.view()?.state).toMatchObject({ status: 'heard', by: undefined });
  expect(after.form()).toMatchObject({ name: 'typed before', purpose: 'typed elsewhere' });
});

it('takes in what others saved, beside what is typed here', async () => {
  const server = new Server();
  const tab = open(server);
  server.write([{ path: 'purpose', from: '', to: 'theirs' }]);
  tab.type({ name: 'mine' });
  await tab.session.hear(server.version);
  expect(tab.form()).toMatchObject({ name: 'mine', purpose: 'theirs' });
  expect(tab.view()?.state).toMatchObject({ status: 'heard', by: 'Omar' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.content).toMatchObject({ name: 'mine', purpose: 'theirs' });
});

it('holds a field that both wrote until a person has chosen, and saves the others', async () => {
  const server = new Server();
  const tab = open(server);
  server.write([{ path: 'purpose', from: '', to: 'theirs' }]);
  tab.type({ name: 'mine', purpose: 'mine' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.content).toMatchObject({ name: 'mine', purpose: 'theirs' });
  expect(tab.view()?.conflicts).toMatchObject([
    { path: 'purpose', mine: 'mine', theirs: 'theirs', by: { by: 'Omar', you: false } },
  ]);
  // More typing does not send it either.
  tab.type({ purpose: 'mine and more' });
  await vi.advanceTimersByTimeAsync(5000);
  expect(server.content.purpose).toBe('theirs');
  tab.session.resolve('purpose', 'mine');
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.content.purpose).toBe('mine and more');
  expect(tab.view()?.conflicts).toEqual([]);
});

it('shows a conflict again after a reload, with who wrote there', async () => {
  const server = new Server();
  const tab = open(server);
  server.write([{ path: 'purpose', from: '', to: 'theirs' }]);
  tab.type({ purpose: 'mine' });
  await vi.advanceTimersByTimeAsync(1000);
  const reloaded = open(server, tab.kept);
  reloaded.session.restore();
  await vi.advanceTimersByTimeAsync(5000);
  expect(reloaded.form().purpose).toBe('mine');
  expect(server.content.purpose).toBe('theirs');
  expect(reloaded.view()?.conflicts).toMatchObject([{ mine: 'mine', theirs: 'theirs', by: { by: 'Omar' } }]);
});

it('keeps what could not be saved, and tries again', async () => {
  const server = new Server();
  const tab = open(server);
  server.failure = new Refused({ status: 503, detail: 'Away.' });
  tab.type({ name: 'mine' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(tab.view()?.state).toMatchObject({ status: 'failed', kind: 'offline' });
  expect([...tab.kept.values()].join()).toContain('mine');
  server.failure = undefined;
  await vi.advanceTimersByTimeAsync(5000);
  expect(server.content.name).toBe('mine');
  expect(tab.kept.size).toBe(0);
});

it('stops where the draft was submitted meanwhile', async () => {
  const server = new Server();
  const tab = open(server);
  const owner = { label: 'request 7', href: '/requests/7' };
  server.failure = new Refused({ status: 409, detail: 'Submitted.', owner });
  tab.type({ name: 'mine' });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.saves).toHaveLength(1);
  // The stream of events is closed by then: the save's answer alone says which request it is.
  expect(tab.view()?.state).toMatchObject({ status: 'failed', kind: 'over', owner });
});

it.each([
  ['a body that is too large', 413, 'refused'],
  ['words that a draft cannot hold', 422, 'refused'],
  ['a role that is gone', 403, 'not-allowed'],
])('keeps the words where the server refuses them, and does not ask the same again: %s', async (_, status, kind) => {
  const server = new Server();
  const tab = open(server);
  server.failure = new Refused({ status, detail: 'It is too much.' });
  tab.type({ name: 'mine', purpose: 'far too long' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.saves).toHaveLength(1);
  expect(tab.view()?.state).toEqual({ status: 'failed', kind, message: 'It is too much.' });
  expect(tab.form()).toMatchObject({ name: 'mine', purpose: 'far too long' });
  expect([...tab.kept.values()].join()).toContain('far too long');
  server.failure = undefined;
  tab.type({ purpose: 'short' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.content).toMatchObject({ name: 'mine', purpose: 'short' });
  expect(tab.kept.size).toBe(0);
});

it.each([
  ['refused', 422],
  ['refused', 413],
  ['not-allowed', 403],
])('has nothing to save where words that were %s (%i) are typed back', async (kind, status) => {
  const server = new Server();
  const tab = open(server);
  tab.session.restore();
  server.failure = new Refused({ status, detail: 'It is too much.' });
  tab.type({ purpose: 'far too long' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(tab.view()?.state).toMatchObject({ status: 'failed', kind });
  tab.type({ purpose: '' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(tab.view()?.state).toEqual({ status: 'saved', at: 0 });
  expect(server.saves).toHaveLength(1);
  expect(tab.kept.size).toBe(0);
});

it('keeps nothing where refused words are typed back after a reload', async () => {
  const server = new Server();
  const tab = open(server);
  server.failure = new Refused({ status: 422, detail: 'It is too much.' });
  tab.type({ purpose: 'far too long' });
  await vi.advanceTimersByTimeAsync(1000);
  const reloaded = open(server, tab.kept);
  reloaded.session.restore();
  expect(reloaded.form().purpose).toBe('far too long');
  reloaded.type({ purpose: '' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.saves).toHaveLength(1);
  expect(tab.kept.size).toBe(0);
});

it.each([
  ['arrived', 'mine'],
  ['was lost', ''],
])('typed back after a save without an answer, it is as it was, though that save %s', async (_, arrived) => {
  const server = new Server();
  const tab = open(server);
  server.failure = new Refused({ status: 503, detail: 'Away.' });
  tab.type({ purpose: 'mine' });
  await vi.advanceTimersByTimeAsync(1000);
  if (arrived !== '') server.write([{ path: 'purpose', from: '', to: arrived }]);
  tab.type({ purpose: '' });
  await vi.advanceTimersByTimeAsync(1000);
  // Only the server knows which it was, and it is away.
  expect(tab.view()?.state).toMatchObject({ status: 'failed', kind: 'offline' });
  server.failure = undefined;
  await vi.advanceTimersByTimeAsync(6000);
  expect(tab.view()?.state.status).toBe('saved');
  expect(server.content.purpose).toBe('');
  expect(tab.form().purpose).toBe('');
  expect(tab.kept.size).toBe(0);
});

it('saves what was typed while the words before it were on their way to be refused', async () => {
  const server = new Server();
  const tab = open(server);
  server.failure = new Refused({ status: 422, detail: 'It is too much.' });
  server.latency = 3000;
  tab.type({ purpose: 'far too long' });
  await vi.advanceTimersByTimeAsync(1000);
  tab.type({ purpose: 'short' });
  await vi.advanceTimersByTimeAsync(2500);
  expect(server.saves).toHaveLength(1);
  server.failure = undefined;
  await vi.advanceTimersByTimeAsync(5000);
  expect(server.content.purpose).toBe('short');
  expect(tab.view()?.state.status).toBe('saved');
});

it.each([500, 503, 429, 0])('tries again by itself after %i', async (status) => {
  const server = new Server();
  const tab = open(server);
  server.failure = new Refused({ status, detail: 'Away.' });
  tab.type({ name: 'mine' });
  await vi.advanceTimersByTimeAsync(9000);
  expect(server.saves).toHaveLength(3);
});

it('saves at once when the connection is back', async () => {
  const server = new Server();
  const tab = open(server);
  server.failure = new Refused({ status: 0, detail: 'Away.' });
  tab.type({ name: 'mine' });
  await vi.advanceTimersByTimeAsync(1000);
  server.failure = undefined;
  await tab.session.reconnected();
  expect(server.content.name).toBe('mine');
});

it('stops when the draft is gone or closed to this person, and keeps what was typed', async () => {
  const server = new Server();
  const tab = open(server);
  tab.type({ name: 'mine' });
  server.failure = new Refused({ status: 404, detail: 'There is no such draft.' });
  await tab.session.lookAgain();
  expect(tab.view()?.state).toMatchObject({ status: 'failed', kind: 'over' });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.saves).toEqual([]);
  expect(tab.form().name).toBe('mine');
  expect([...tab.kept.values()].join()).toContain('mine');
});

const noSuchDraft = new Refused({ status: 404, detail: 'There is no such draft.' });

it('is over, though a save that went through is answered after the draft was closed to this person', async () => {
  const server = new Server();
  const tab = open(server);
  server.latency = 3000;
  tab.type({ name: 'mine' });
  await vi.advanceTimersByTimeAsync(1000);
  server.read = () => Promise.reject(noSuchDraft);
  const looked = tab.session.lookAgain();
  await vi.advanceTimersByTimeAsync(5000);
  await looked;
  expect(server.content.name).toBe('mine');
  expect(tab.view()?.state).toMatchObject({ status: 'failed', kind: 'over' });
  // Its answer was waited for: these words are not left behind as unsaved.
  expect(tab.kept.size).toBe(0);
});

it.each([undefined, new Refused({ status: 503, detail: 'Away.' })])(
  'stays over, whatever a save is answered that began while it looked: %s',
  async (failure) => {
    const server = new Server();
    const tab = open(server);
    server.latency = 3000;
    server.read = async () => {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      throw noSuchDraft;
    };
    const looked = tab.session.lookAgain();
    tab.type({ name: 'mine' });
    await vi.advanceTimersByTimeAsync(2500);
    await looked;
    expect(tab.view()?.state).toMatchObject({ status: 'failed', kind: 'over' });
    server.failure = failure;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(tab.view()?.state).toMatchObject({ status: 'failed', kind: 'over' });
    expect(server.saves).toHaveLength(1);
  },
);
