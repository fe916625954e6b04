// One tab against a server that others write to as well: what is saved when, what comes in, and what waits for a person.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { open, Server } from './test-draft-session';

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
