// One tab whose saves fail: what is tried again, what waits for other words, and when it is over. No word is lost in any of it.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Refused } from './api';
import { open, Server } from './test-draft-session';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

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
