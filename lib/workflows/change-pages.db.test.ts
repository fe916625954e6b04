import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { cancelRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { removalKey } from '@/lib/requests/removal-key';
import { getService, listServices } from '@/lib/services/queries';
import { DraftContent } from '@/lib/wizard/draft-content';
import { beginChange } from './begin-change';
import { cancelOnGitHub } from './cancel-request';
import { checkDraft, checkRemoval } from './check-draft';
import { openPullRequest } from './open-pull-request';
import { previewRemoval } from './preview-removal';
import { previewService } from './preview-service';
import { submitRemoval, submitService } from './submit-service';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { updateTracker } from './update-tracker';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.end());
afterEach(() => {
  platform.notionProxy.fault = undefined;
});

async function merge(id: number): Promise<void> {
  await openPullRequest(id);
  await updateTracker(id);
  await platform.api('PUT', `/pulls/${(await getRequest(id)).pull?.number ?? 0}/merge`);
  await syncPullRequest(id);
  await syncRepository();
  await updateTracker(id);
}

test('a change begins with the service as it is, is told what it keeps and gives up, and is one page in the tracker', async () => {
  const first = await submitOne(
    platform.dana,
    specOf('paged', { ports: [{ name: 'http', internal: 7980, why: 'API' }] }),
  );
  expect(await getService('paged')).toMatchObject({ liveRequest: undefined, underWay: { id: first, action: 'add' } });
  await merge(first);
  expect(await getService('paged')).toMatchObject({ liveRequest: first, underWay: undefined });

  // Untouched, the form asks for nothing.
  const { form, request } = await beginChange('paged');
  expect(request.id).toBe(first);
  const held = form.ports[0]?.external;
  expect(held).toMatch(/^\d+$/);
  const same = await previewService(DraftContent.parse(form), { changes: 'paged' });
  expect(same).toMatchObject({ ready: false, problems: [], files: [] });
  expect(same.answers.find(({ path }) => path === 'ports.0.external')?.message).toBe(`${held} is its own already.`);

  // The name is not the draft's to say.
  form.name = 'another';
  form.purpose = 'Says something else';
  if (form.routing) form.routing.host = 'elsewhere.ravenhelm.test';
  const content = DraftContent.parse(form);
  const preview = await previewService(content, { changes: 'paged' });
  expect(preview.manifest?.name).toBe('paged');
  const checks = await checkDraft(content, platform.dana.id, 'paged');
  expect(checks.digest).toBe(preview.digest);
  if (!preview.manifest) throw new Error('not ready');
  const result = await submitService({
    ...{ action: 'change', manifest: preview.manifest, digest: preview.digest ?? '', idempotencyKey: 'change' },
    actor: platform.dana,
  });
  const id = result.kind === 'submitted' ? result.requestId : 0;
  expect(await getRequest(id)).toMatchObject({
    title: 'Change paged',
    allocations: { ports: [{ state: 'kept' }], givenUp: { ports: [], hosts: ['paged.ravenhelm.test'] } },
  });
  const { services } = await listServices({ search: 'paged' });
  expect(services.map(({ underWay }) => underWay)).toEqual([{ id, action: 'change', title: 'Change paged' }]);
  await merge(id);
  expect(await getRequest(id)).toMatchObject({ allocations: { ports: [{ state: 'active' }] } });
  // The page of the first request is the service's.
  const [one, two] = await Promise.all([getRequest(first), getRequest(id)]);
  expect(two.links.runbookPage).toBe(one.links.runbookPage);
  expect(two.links.issue).not.toBe(one.links.issue);
});

test('a removal that came to nothing can be asked for again, and says what it frees', async () => {
  const spec = specOf('unsure', { ports: [{ name: 'http', internal: 7980, why: 'API' }] });
  await merge(await submitOne(platform.dana, spec));
  const ask = async () => {
    const preview = await previewRemoval('unsure');
    const idempotencyKey = removalKey('unsure', preview);
    const result = await submitRemoval({
      ...{ service: 'unsure', digest: preview.digest ?? '', idempotencyKey },
      actor: platform.dana,
    });
    return { preview, id: result.kind === 'submitted' ? result.requestId : 0 };
  };
  const before = await ask();
  expect(before.preview).toMatchObject({ earlier: 0, freed: { hosts: ['unsure.ravenhelm.test'] }, nothingLeft: false });
  expect(before.preview.freed.ports).toHaveLength(1);
  expect((await checkRemoval('unsure', platform.dana.id)).digest).toBe(before.preview.digest);
  await cancelRequest(before.id, platform.dana);
  await cancelOnGitHub(before.id);
  // What a person is offered then, and told.
  expect(await getRequest(before.id)).toMatchObject({ state: 'cancelled', serviceIsLive: true });
  expect((await getRequest(before.id)).timeline.at(-1)?.detail).toContain(
    'unsure stays as it is in main, with its ports',
  );
  const after = await ask();
  expect(after.preview).toMatchObject({ earlier: 1, digest: before.preview.digest });
  expect(after.id).toBeGreaterThan(before.id);
  await merge(after.id);
  expect(await getRequest(after.id)).toMatchObject({ allocations: { ports: [{ state: 'released' }] } });
  expect(await getRequest(before.id)).toMatchObject({ serviceIsLive: false });
  expect(await db().service.findUnique({ where: { name: 'unsure' } })).toBeNull();

  // Added again, its removal is another one, though it takes the very same bytes away.
  const anew = await submitOne(platform.dana, spec, 'unsure once more');
  await merge(anew);
  const last = await ask();
  expect(last.preview).toMatchObject({ earlier: 0, digest: before.preview.digest });
  expect(last.id).toBeGreaterThan(anew);
});

test('a removal whose page the tracker does not take at once: issue, page and pull request name each other all the same', async () => {
  const first = await submitOne(platform.dana, specOf('told-late'));
  await merge(first);
  const { digest = '' } = await previewRemoval('told-late');
  const removal = { service: 'told-late', digest, idempotencyKey: 'told late', actor: platform.dana };
  const result = await submitRemoval(removal);
  const id = result.kind === 'submitted' ? result.requestId : 0;
  const { runbookPage = '' } = (await getRequest(first)).links;
  const pageId = runbookPage.slice(-32);
  platform.notionProxy.fault = (method, path) =>
    method === 'PATCH' && path.replaceAll('-', '').includes(pageId)
      ? { status: 500, body: { object: 'error', status: 500, code: 'internal_server_error', message: 'Not now.' } }
      : undefined;
  await merge(id);
  const told = async () => {
    const { links, timeline } = await getRequest(id);
    const issue = JSON.stringify(await platform.notionApi('GET', `/v1/pages/${links.issue?.slice(-32) ?? ''}`));
    const page = JSON.stringify(await platform.notionApi('GET', `/v1/pages/${pageId}`));
    const pull = await platform.api<{ body: string }>('GET', `/pulls/${(await getRequest(id)).pull?.number ?? 0}`);
    return {
      issue: issue.includes(runbookPage),
      page: page.includes(links.issue ?? 'no issue'),
      pull: pull.body.includes(runbookPage),
      linked: timeline.filter(({ title }) => /linked/i.test(title)).length,
    };
  };
  expect(await getRequest(id)).toMatchObject({ state: 'live', links: { runbookPage: undefined } });
  expect(await told()).toEqual({ issue: false, page: false, pull: false, linked: 1 });
  platform.notionProxy.fault = undefined;
  await db().requestStep.updateMany({ where: { requestId: id }, data: { nextAttemptAt: null } });
  await updateTracker(id);
  expect(await told()).toEqual({ issue: true, page: true, pull: true, linked: 2 });
  // And that is all there is to do.
  await updateTracker(id);
  expect(await told()).toEqual({ issue: true, page: true, pull: true, linked: 2 });
});

test('a service without an issue: its pull request and its page name each other, and of an issue nothing is said', async () => {
  const id = await submitOne(platform.dana, specOf('no-issue', { docs: { runbook: true, trackerIssue: false } }));
  await openPullRequest(id);
  await updateTracker(id);
  const { links, timeline } = await getRequest(id);
  expect(links).toMatchObject({ issue: undefined, runbookPage: expect.stringMatching(/^http/) as string });
  expect(timeline.filter(({ title }) => /linked/i.test(title))).toMatchObject([
    { title: 'Linked both ways', detail: 'The pull request and the runbook page name each other.' },
  ]);
});
