/** A change that moves no port: what its merge did is known by the lines of its plan, whoever edits main before it is read. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActor } from '@/lib/requests/test-requests';
import { getRequest } from '@/lib/requests/queries';
import type { Manifest, ManifestInput } from '@/lib/services/manifest';
import { getService } from '@/lib/services/queries';
import { DraftContent } from '@/lib/wizard/draft-content';
import { endMerged } from './end-merged';
import { openPullRequest } from './open-pull-request';
import { previewService } from './preview-service';
import { currentRepository } from './read-repository';
import { refreshRequest } from './refresh-request';
import { submitService } from './submit-service';
import { syncPullRequest } from './sync-pull-request';
import { syncRepository } from './sync-repository';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { withoutTools } from './test-tools';

type Fields = Partial<ManifestInput>;

let platform: TestPlatform;
beforeAll(async () => {
  Object.assign(process.env, withoutTools);
  platform = await startTestPlatform({ environment: withoutTools });
});
afterAll(() => platform.end());

const stateOf = async (id: number) => (await getRequest(id)).state;
const titlesOf = async (id: number) => (await getRequest(id)).timeline.map(({ title }) => title);
const source = (version: string) => ({ kind: 'image' as const, image: `livekit/egress:${version}` });
const image = (version: string): Fields => ({ runtime: { source: source(version), compose: {} } });
const memory = (limit: string): Fields => {
  const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: limit } };
  const kubernetes = { environments: ['dev' as const], resources };
  return { ports: [], routing: undefined, runtime: { source: source('v1.9.0'), kubernetes } };
};

async function merge(id: number): Promise<void> {
  await platform.api('PUT', `/pulls/${(await getRequest(id)).pull?.number ?? 0}/merge`);
  await syncPullRequest(id);
}

async function live(name: string, fields: Fields): Promise<number> {
  const id = await submitOne(platform.dana, specOf(name, fields));
  await openPullRequest(id);
  await merge(id);
  await syncRepository();
  expect(await stateOf(id)).toBe('live');
  return id;
}

async function openedChange(manifest: Manifest): Promise<number> {
  const content = DraftContent.parse(JSON.parse(JSON.stringify(manifest)));
  const { digest } = await previewService(content, { changes: manifest.name });
  const wish = { manifest, digest: digest ?? '', idempotencyKey: `change of ${manifest.name}`, actor: platform.dana };
  const result = await submitService({ action: 'change', ...wish });
  if (result.kind !== 'submitted') throw new Error(`not submitted: ${result.kind}`);
  await openPullRequest(result.requestId);
  expect(await stateOf(result.requestId)).toBe('in_review');
  return result.requestId;
}

/** Every text file of main, as somebody's push would leave it. */
async function pushMain(change: (path: string, text: string) => string): Promise<void> {
  const { tree } = await currentRepository({ maxAgeMs: 0 });
  const files = tree.paths.flatMap((path) => {
    const text = tree.read(path);
    const next = text === undefined ? undefined : change(path, text);
    return next === undefined || next === text ? [] : [[path, next] as const];
  });
  expect(files).not.toEqual([]);
  const pushed = { login: 'operator', branch: 'main', message: 'chore: by hand', files: Object.fromEntries(files) };
  await platform.api('POST', '/_slipway/push', pushed);
}

/** Somebody writes on top of the files that speak of a service as well. */
const note = (name: string) =>
  pushMain((path, text) => (/\.ya?ml$/.test(path) && text.includes(name) ? `# Looked at by hand.\n${text}` : text));

test.each([
  ['image', image('v1.9.0'), image('v1.9.1')],
  ['chain', {}, { routing: { host: 'chain-kept.ravenhelm.test', sse: true } }],
  ['memory', memory('512Mi'), memory('768Mi')],
])('a change of its %s alone, reverted before main was read, is not live', async (what, before, after) => {
  const name = `${what}-kept`;
  const first = await live(name, before);
  const { tree } = await currentRepository({ maxAgeMs: 0 });
  const id = await openedChange(specOf(name, after));
  await merge(id);
  await pushMain((path, text) => tree.read(path) ?? text);
  await note(name);
  await syncRepository();
  expect(await stateOf(id)).toBe('merged');
  expect(await titlesOf(id)).toContain('main does not show it');
  await endMerged({ id, reason: 'reverted' }, await createActor(`Owen of ${what}`, 'operator'));
  expect(await stateOf(id)).toBe('cancelled');
  expect(await getRequest(first)).toMatchObject({ state: 'live', supersededBy: undefined });
  await syncRepository();
  expect((await getService(name)).manifest).toEqual(specOf(name, before));
});

test('brought up to a main that moved on: its newer plan counts, and what others edit beside it does not undo it', async () => {
  await live('followed', image('v1.9.0'));
  const id = await openedChange(specOf('followed', image('v1.9.1')));
  // Main says the very line in its own way: the branch is in conflict, and Slipway merges main into it.
  await pushMain((_path, text) => text.replace(/^( *)(container_name: .*followed.*)$/m, '$1# By hand.\n$1$2'));
  await refreshRequest(id);
  expect((await titlesOf(id)).filter((title) => title.startsWith('Brought up to main'))).toHaveLength(1);
  const { tree } = await currentRepository({ maxAgeMs: 0 });
  await merge(id);
  const { tree: merged } = await currentRepository({ maxAgeMs: 0 });
  await pushMain((path, text) => tree.read(path) ?? text);
  await syncRepository();
  expect(await stateOf(id)).toBe('merged');
  // Somebody reverts the revert, but for one file, and goes on with the others.
  await pushMain((path, text) => (path.startsWith('docs/') ? text : (merged.read(path) ?? text)));
  await note('followed');
  await syncRepository();
  expect(await stateOf(id)).toBe('live');
  expect((await getService('followed')).manifest).toEqual(specOf('followed', image('v1.9.1')));
});
