/** A service that somebody took out of main by hand, and what a change explains between its merge and going live. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { withAuditOrigin } from '@/lib/audit-origin';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { ConflictError, NotAllowedError } from '@/lib/errors';
import { observeServices } from '@/lib/generator/observe/services';
import { listFindings } from '@/lib/ports/findings';
import { requireLiveRequest } from '@/lib/requests/live';
import { getRequest } from '@/lib/requests/queries';
import { stateLabel } from '@/lib/requests/states';
import { storedManifest } from '@/lib/requests/stored';
import { createActor } from '@/lib/requests/test-requests';
import type { Manifest } from '@/lib/services/manifest';
import { DraftContent } from '@/lib/wizard/draft-content';
import { giveBackLost } from './give-back-lost';
import { findLostService } from './lost-service';
import { openPullRequest } from './open-pull-request';
import { planService, readHeld } from './plan-service';
import { previewRemoval } from './preview-removal';
import { previewService } from './preview-service';
import { currentRepository } from './read-repository';
import { resolvedOf } from './request-row';
import { submitRemoval, submitService } from './submit-service';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
  await syncRepository();
});
afterEach(() => platform.github.faults.clear());
afterAll(() => platform.end());

const where = { repository: 'ravenhelm/platform', branch: 'main' };
const port = (external: number) => [{ name: 'http', internal: 7980, external, why: 'HTTP API' }];
const mergeOnGitHub = async (id: number) =>
  platform.api('PUT', `/pulls/${(await getRequest(id)).pull?.number ?? 0}/merge`);
const push = (files: Record<string, string | null>) =>
  platform.api('POST', '/_slipway/push', { login: 'operator', branch: 'main', message: 'by hand', files });

async function live(manifest: Manifest): Promise<number> {
  const id = await submitOne(platform.dana, manifest);
  await openPullRequest(id);
  await mergeOnGitHub(id);
  await syncPullRequest(id);
  await syncRepository();
  expect((await getRequest(id)).state).toBe('live');
  return id;
}

/** Takes every line of a service out of main, past Slipway. */
async function takeOutByHand(service: string): Promise<void> {
  const repository = await currentRepository({ maxAgeMs: 0 });
  const request = await requireLiveRequest(db(), repository.fullName, service);
  const held = await readHeld(db(), repository, service);
  const intent = { action: 'remove' as const, before: resolvedOf(request) };
  const { plan } = planService(repository, storedManifest(request.manifest), held, new Date(), intent);
  await push(Object.fromEntries(plan.files.map(({ path, after }) => [path, after ?? null])));
  await syncRepository();
}

/** A file that is not as it was, as it was. */
const restored = (path: string, before: string | undefined, now: string | undefined) =>
  before === now || before === undefined ? [] : [[path, before] as const];
async function readMain() {
  const { tree, profile } = await currentRepository({ maxAgeMs: 0 });
  return [tree, profile] as const;
}

const lostOnes = async (state: 'new' | 'mended') =>
  (await listFindings({ ...where, state })).filter(({ kind }) => kind === 'gone-from-main');
const giveBack = (service: string, actor: Actor) =>
  withAuditOrigin(
    {
      actor: { kind: 'person', id: actor.id, name: actor.name },
      way: 'page',
      operation: 'give back',
      correlationId: 'c',
    },
    () => giveBackLost({ service, reason: 'the box is scrapped' }, actor),
  );

const lost = specOf('lost', { ports: port(46_501) });

test('what somebody took out by hand keeps its name: the wizard and submit say so in the same words, and what to do', async () => {
  const id = await live(lost);
  await takeOutByHand('lost');
  expect(await lostOnes('new')).toMatchObject([{ remedy: { kind: 'give-back', service: 'lost' } }]);
  expect(await db().portFinding.count({ where: { kind: 'active-but-gone' } })).toBe(0);
  // Where its finding leads: the service's page, which the catalog has no more.
  const kept = { ports: ['46501'], hosts: ['lost.ravenhelm.test'] };
  expect(await findLostService('lost')).toMatchObject({ added: { id, by: 'Dana' }, live: { id }, kept, isTold: true });

  const answer = (await previewService(DraftContent.parse(lost))).answers.find(({ path }) => path === 'name');
  const refusal: unknown = await submitOne(platform.dana, lost, 'again').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ConflictError);
  expect(answer).toMatchObject({ status: 'taken', message: (refusal as ConflictError).publicMessage });
  expect(answer?.message).toContain(`kept for request ${id}. Give them back first`);
  expect(answer?.owner).toEqual((refusal as ConflictError).detail.owner);
  expect(answer?.owner?.href).toBe('/services/lost/remove');

  await expect(giveBack('lost', await createActor('Eve'))).rejects.toBeInstanceOf(NotAllowedError);
});

test('given back, everything is free, and who said so and why is told', async () => {
  const { id } = await requireLiveRequest(db(), where.repository, 'lost');
  await giveBack('lost', platform.dana);
  const request = await getRequest(id);
  expect(stateLabel(request)).toBe('Given back');
  expect(request.timeline.find(({ title }) => title === 'Given back')).toMatchObject({
    actor: 'Dana',
    detail: expect.stringContaining('Reason: the box is scrapped') as string,
  });
  expect(await db().portReservation.findFirst({ where: { requestId: id } })).toMatchObject({
    ...{ state: 'released', reason: 'main no longer has lost: the box is scrapped' },
  });
  expect(await db().hostClaim.count({ where: { requestId: id, releasedAt: null } })).toBe(0);
  expect(await db().runbookClaim.count({ where: { requestId: id, releasedAt: null } })).toBe(1);
  expect(
    await db().auditEntry.findFirst({ where: { subjectKind: 'request', requestNumber: id }, orderBy: { id: 'desc' } }),
  ).toMatchObject({ actorName: 'Dana', after: { given_back_because: 'the box is scrapped', given_back_by: 'Dana' } });
  expect(await lostOnes('new')).toEqual([]);
  await expect(giveBack('lost', platform.dana)).rejects.toThrow('no live request for lost');
  const again = await submitOne(platform.dana, lost, 'back again');
  expect((await getRequest(again)).allocations).toMatchObject({ ports: [{ state: 'held' }] });
});

test('an operator may as well, but not while a request is under way for it', async () => {
  await live(specOf('contended', { ports: port(46_502) }));
  const olga = await createActor('Olga', 'operator');
  await expect(giveBack('contended', olga)).rejects.toThrow('Ask for its removal');
  const { digest } = await previewRemoval('contended');
  const removal = { service: 'contended', digest: digest ?? '', idempotencyKey: 'removal', actor: platform.dana };
  const submitted = await submitRemoval(removal);
  await takeOutByHand('contended');
  // The removal explains it.
  expect((await lostOnes('new')).map(({ message }) => message)).toEqual([]);
  // The catalog has lost it: the page is told all the same what stands in the way.
  expect(await db().service.findUnique({ where: { name: 'contended' } })).toBeNull();
  const refusal: unknown = await giveBack('contended', olga).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ConflictError);
  const { publicMessage, detail } = refusal as ConflictError;
  expect(publicMessage).toContain('is under way for contended');
  expect(await previewRemoval('contended')).toMatchObject({
    nothingLeft: true,
    underWay: { message: publicMessage, owner: detail.owner },
  });
  await db().changeRequest.update({
    where: { id: submitted.kind === 'submitted' ? submitted.requestId : 0 },
    data: { state: 'cancelled' },
  });
  await syncRepository();
  expect(await lostOnes('new')).toHaveLength(1);
  expect((await previewRemoval('contended')).underWay).toBeUndefined();
  await giveBack('contended', olga);
  expect(await lostOnes('new')).toEqual([]);
});

test('not by what main was a while ago: its block was put back, and GitHub does not answer', async () => {
  const id = await live(specOf('put-back', { ports: port(46_505) }));
  const { tree } = await currentRepository({ maxAgeMs: 0 });
  await takeOutByHand('put-back');
  const { tree: without } = await currentRepository({ maxAgeMs: 0 });
  await push(Object.fromEntries(tree.paths.flatMap((path) => restored(path, tree.read(path), without.read(path)))));
  platform.github.faults.add({ path: '/git/ref/heads', respond: { status: 503 }, times: 20 });
  await expect(giveBack('put-back', platform.dana)).rejects.toThrow('GitHub');
  platform.github.faults.clear();
  await expect(giveBack('put-back', platform.dana)).rejects.toThrow('Ask for its removal');
  expect(await db().portReservation.findFirst({ where: { requestId: id } })).toMatchObject({ state: 'active' });
});

test('nor while a file that speaks of it cannot be read: what was told before stays, and nothing is given back', async () => {
  const id = await live(specOf('unreadable', { ports: port(46_506) }));
  const [place] = observeServices(...(await readMain())).find(({ name }) => name === 'unreadable')?.places ?? [];
  const file = place?.path ?? '';
  await takeOutByHand('unreadable');
  expect(await lostOnes('new')).toHaveLength(1);
  const { tree } = await currentRepository({ maxAgeMs: 0 });
  const text = tree.read(file) ?? '';
  await push({ [file]: `${text}\nservices: [unreadable\n` });
  await syncRepository();
  expect(await lostOnes('new')).toHaveLength(1);
  expect((await previewRemoval('unreadable')).nothingLeft).toBe(false);
  await expect(giveBack('unreadable', platform.dana)).rejects.toThrow(file);
  expect(await db().portReservation.findFirst({ where: { requestId: id } })).toMatchObject({ state: 'active' });
  await push({ [file]: text });
  await syncRepository();
  await giveBack('unreadable', platform.dana);
});

test('a change or a removal that is merged leaves no finding on its way to live, also where main was read first', async () => {
  await live(specOf('explained', { ports: port(46_503) }));
  const found = await db().portFinding.count({ where: { origin: 'reservations' } });
  const manifest = specOf('explained', { ports: port(46_504) });
  const { digest } = await previewService(DraftContent.parse(manifest), { changes: 'explained' });
  const change = { manifest, digest: digest ?? '', idempotencyKey: 'change', actor: platform.dana };
  const submitted = await submitService({ ...change, action: 'change' });
  const id = submitted.kind === 'submitted' ? submitted.requestId : 0;
  await openPullRequest(id);
  await mergeOnGitHub(id);
  await syncRepository();
  await syncPullRequest(id);
  await syncRepository();
  expect((await getRequest(id)).state).toBe('live');
  const removal = { service: 'explained', idempotencyKey: 'removal of it', actor: platform.dana };
  const asked = await submitRemoval({ ...removal, digest: (await previewRemoval('explained')).digest ?? '' });
  const gone = asked.kind === 'submitted' ? asked.requestId : 0;
  await openPullRequest(gone);
  await mergeOnGitHub(gone);
  await syncRepository();
  await syncPullRequest(gone);
  await syncRepository();
  expect(await getRequest(gone)).toMatchObject({ state: 'live' });
  // A finding that was there for a moment would stand here as a mended one.
  expect(await db().portFinding.count({ where: { origin: 'reservations' } })).toBe(found);
});
