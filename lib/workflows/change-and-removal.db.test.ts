import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { db, postgresCode } from '@/lib/db';
import { ConflictError } from '@/lib/errors';
import { listTaken } from '@/lib/ports/queries';
import { cancelRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { findHostOwner } from '@/lib/services/hosts';
import type { Manifest, ManifestInput } from '@/lib/services/manifest';
import { getService } from '@/lib/services/queries';
import { DraftContent } from '@/lib/wizard/draft-content';
import { cancelOnGitHub } from './cancel-request';
import { openPullRequest } from './open-pull-request';
import { previewRemoval } from './preview-removal';
import { previewService } from './preview-service';
import { currentRepository } from './read-repository';
import { refreshRequest } from './refresh-request';
import { submitRemoval, submitService } from './submit-service';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.end());

const port = (external: number) => ({ name: 'http', internal: 7980, external, why: 'HTTP API' });
const portsOf = async (service: string) =>
  (await listTaken(db(), 'ravenhelm-01'))
    .filter((one) => one.service === service)
    .map(({ state, range, requestId }) => ({ state, from: range.from, requestId }));
const mainFiles = async () => {
  const { tree } = await currentRepository({ maxAgeMs: 0 });
  return new Map(tree.paths.map((path) => [path, tree.read(path)]));
};

async function merge(id: number): Promise<void> {
  await platform.api('PUT', `/pulls/${(await getRequest(id)).pull?.number ?? 0}/merge`);
  await syncPullRequest(id);
  await syncRepository();
}

async function live(name: string, fields: Partial<ManifestInput> = {}, key?: string): Promise<number> {
  const id = await submitOne(platform.dana, specOf(name, fields), key);
  await openPullRequest(id);
  await merge(id);
  expect((await getRequest(id)).state).toBe('live');
  return id;
}

async function submitChange(manifest: Manifest, key = `change of ${manifest.name}`): Promise<number> {
  const { digest, ready, answers } = await previewService(DraftContent.parse(manifest), { changes: manifest.name });
  expect({ ready, taken: answers.filter(({ status }) => status === 'taken') }).toEqual({ ready: true, taken: [] });
  const result = await submitService({
    action: 'change',
    manifest,
    digest: digest ?? '',
    idempotencyKey: key,
    actor: platform.dana,
  });
  if (result.kind !== 'submitted') throw new Error(`not submitted: ${result.kind}`);
  return result.requestId;
}

async function remove(service: string, key = `removal of ${service}`): Promise<number> {
  const { digest } = await previewRemoval(service);
  const result = await submitRemoval({ service, digest: digest ?? '', idempotencyKey: key, actor: platform.dana });
  if (result.kind !== 'submitted') throw new Error(`not submitted: ${result.kind}`);
  return result.requestId;
}

describe('change', () => {
  test('holds the new port beside the old one, and gives the old one back when main has the new one', async () => {
    const first = await live('moving', { ports: [port(46_201)] });
    const id = await submitChange(
      specOf('moving', { ports: [port(46_202)], routing: { host: 'moved.ravenhelm.test' } }),
    );
    expect(await portsOf('moving')).toEqual([
      { state: 'active', from: 46_201, requestId: first },
      { state: 'held', from: 46_202, requestId: id },
    ]);
    expect(await getService('moving')).toMatchObject({ state: 'live', host: 'moving.ravenhelm.test' });
    await openPullRequest(id);
    expect(await getRequest(id)).toMatchObject({ state: 'in_review', title: 'Change moving', action: 'change' });
    await merge(id);
    expect((await getRequest(id)).state).toBe('live');
    expect(await portsOf('moving')).toEqual([{ state: 'active', from: 46_202, requestId: id }]);
    expect(await findHostOwner(db(), { host: 'moving.ravenhelm.test', path: '/' })).toBeUndefined();
    expect(await findHostOwner(db(), { host: 'moved.ravenhelm.test', path: '/' })).toMatchObject({ service: 'moving' });
    expect(await getRequest(first)).toMatchObject({ state: 'live', supersededBy: id });
    const service = await getService('moving');
    expect(service.host).toBe('moved.ravenhelm.test');
    expect(service.manifest?.ports[0]).toMatchObject({ external: { from: 46_202, to: 46_202 } });
  });

  test('a wider range takes only what is new, and is one active range in the end', async () => {
    const rtp = (internal: string, external: string) => [{ name: 'rtp', internal, external, why: 'media' }];
    await live('widening', { ports: rtp('7100-7104', '46210-46214') });
    const id = await submitChange(specOf('widening', { ports: rtp('7100-7109', '46210-46219') }));
    const rows = await db().portReservation.findMany({ where: { requestId: id } });
    expect(rows).toMatchObject([{ portFrom: 46_215, portTo: 46_219, state: 'held' }]);
    await openPullRequest(id);
    await merge(id);
    const active = await db().portReservation.findMany({ where: { service: 'widening', state: 'active' } });
    expect(active).toMatchObject([{ portFrom: 46_210, portTo: 46_219, requestId: id }]);
  });

  test('cancelled, everything is as before it', async () => {
    const first = await live('wavering', { ports: [port(46_203)] });
    const id = await submitChange(specOf('wavering', { ports: [port(46_204)] }));
    await openPullRequest(id);
    await cancelRequest(id, platform.dana);
    await cancelOnGitHub(id);
    expect(await portsOf('wavering')).toEqual([{ state: 'active', from: 46_203, requestId: first }]);
    expect(await getRequest(first)).toMatchObject({ supersededBy: undefined });
    expect(await getService('wavering')).toMatchObject({ state: 'live' });
    // Reopened on GitHub, the new port is taken again and the old one still is the service's.
    const reopened = await submitChange(specOf('wavering', { ports: [port(46_204)] }), 'once more');
    expect(await portsOf('wavering')).toEqual([
      { state: 'active', from: 46_203, requestId: first },
      { state: 'held', from: 46_204, requestId: reopened },
    ]);
  });

  test('one at a time: a second one is told of the first, and the live name is nobody else’s', async () => {
    await live('contested', { ports: [port(46_205)] });
    const first = await submitChange(specOf('contested', { ports: [port(46_206)] }));
    const another = specOf('contested', { ports: [port(46_207)] });
    const preview = await previewService(DraftContent.parse(another), { changes: 'contested' });
    expect(preview).toMatchObject({ ready: false, digest: undefined });
    expect(preview.answers).toContainEqual(expect.objectContaining({ path: 'name', status: 'taken' }));
    const blindly = { manifest: another, digest: '0'.repeat(64), idempotencyKey: 'another', actor: platform.dana };
    await expect(submitService({ action: 'change', ...blindly })).rejects.toThrow(`Request ${first} of Dana`);
    await expect(remove('contested')).rejects.toThrow(`Request ${first} of Dana is under way`);
    await expect(submitOne(platform.dana, specOf('contested'), 'an addition')).rejects.toThrow(ConflictError);
  });

  test('of a service that Slipway did not add there is none', async () => {
    const preview = previewService(DraftContent.parse(specOf('livekit')), { changes: 'livekit' });
    await expect(preview).rejects.toThrow(ConflictError);
    await expect(previewRemoval('livekit')).rejects.toThrow('no live request for livekit');
  });
});

describe('removal', () => {
  test('takes out what the addition put in, byte for byte, and gives everything back only when main has nothing of it', async () => {
    const before = await mainFiles();
    const first = await live('leaving', { ports: [port(46_301)] });
    const id = await remove('leaving');
    await openPullRequest(id);
    expect(await getRequest(id)).toMatchObject({ state: 'in_review', title: 'Remove leaving' });
    expect(await portsOf('leaving')).toEqual([{ state: 'active', from: 46_301, requestId: first }]);
    await merge(id);
    expect(await getRequest(id)).toMatchObject({ state: 'live', action: 'remove' });
    expect(await mainFiles()).toEqual(before);
    expect(await portsOf('leaving')).toEqual([]);
    expect(await findHostOwner(db(), { host: 'leaving.ravenhelm.test', path: '/' })).toBeUndefined();
    await expect(getService('leaving')).rejects.toThrow('no service leaving');
    const events = (await getRequest(first)).timeline.map(({ title }) => title);
    expect(events).toContain(`Removed by request ${id}`);
    // And it may come back.
    await live('leaving', { ports: [port(46_301)] }, 'back again');
  });

  test('closed instead of merged, the service keeps everything', async () => {
    const first = await live('staying', { ports: [port(46_302)] });
    const id = await remove('staying');
    await openPullRequest(id);
    await platform.api('PATCH', `/pulls/${(await getRequest(id)).pull?.number ?? 0}`, { state: 'closed' });
    await syncPullRequest(id);
    expect((await getRequest(id)).state).toBe('closed');
    expect(await portsOf('staying')).toEqual([{ state: 'active', from: 46_302, requestId: first }]);
    expect(await getService('staying')).toMatchObject({ state: 'live' });
    await platform.api('PATCH', `/pulls/${(await getRequest(id)).pull?.number ?? 0}`, { state: 'open' });
    await syncPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    await merge(id);
    expect(await portsOf('staying')).toEqual([]);
  });

  test('follows main while it is open', async () => {
    await live('parting', { ports: [port(46_303)] });
    const id = await remove('parting');
    await openPullRequest(id);
    await live('arriving', { ports: [port(46_304)] });
    await refreshRequest(id);
    await merge(id);
    expect((await getRequest(id)).state).toBe('live');
    const { tree } = await currentRepository({ maxAgeMs: 0 });
    for (const path of tree.paths) expect(tree.read(path) ?? '', path).not.toMatch(/\bparting\b/);
    expect(await portsOf('arriving')).toHaveLength(1);
  });

  test('another digest than the one that was seen writes nothing', async () => {
    await live('looked-at', { ports: [port(46_305)] });
    const before = await db().changeRequest.count();
    const result = await submitRemoval({
      service: 'looked-at',
      digest: '0'.repeat(64),
      idempotencyKey: 'another digest',
      actor: platform.dana,
    });
    expect(result.kind).toBe('changed');
    expect(await db().changeRequest.count()).toBe(before);
  });
});

test('the indexes hold for whoever writes past every check', async () => {
  const id = await live('guarded', { ports: [port(46_401)] });
  const row = await db().changeRequest.findUniqueOrThrow({ where: { id } });
  const copy = (fields: object) => {
    const { id: _id, ...rest } = row;
    return db().changeRequest.create({
      data: { ...(rest as object), draftId: null, ...fields } as Parameters<
        ReturnType<typeof db>['changeRequest']['create']
      >[0]['data'],
    });
  };
  const twice = copy({ branch: 'a', idempotencyKey: 'a' });
  await expect(twice.catch((error: unknown) => postgresCode(error))).resolves.toBe('23505');
  await copy({ branch: 'b', idempotencyKey: 'b', state: 'in_review', action: 'change', predecessorId: id });
  const second = copy({ branch: 'c', idempotencyKey: 'c', state: 'failed', action: 'remove', predecessorId: id });
  await expect(second.catch((error: unknown) => postgresCode(error))).resolves.toBe('23505');
});
