// A request whose change the real tools refuse ends before a branch exists, and says why; what they said stays with the request.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { db } from '@/lib/db';
import { retryRequest } from '@/lib/requests/commands';
import { getRequest } from '@/lib/requests/queries';
import { decodeChangeRecord, digestInBody } from '@/lib/generator/change-record';
import { verifyChange } from '@/lib/generator/verify-change';
import { StoredChecks } from '@/lib/requests/stored';
import { DraftContent } from '@/lib/wizard/draft-content';
import { toolCheckIds } from './check-change';
import { checkDraft } from './check-draft';
import { databaseAgrees } from './database-agrees';
import { openPullRequest } from './open-pull-request';
import { readPullRequestBranch, readPullRequestEnds } from './read-branch';
import { repositoryAt } from './read-repository';
import { readClaims } from './request-claims';
import { planOf } from './request-row';
import { specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';

let platform: TestPlatform;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-check-request-'));
  platform = await startTestPlatform({ webhooks: false });
});
afterEach(() => {
  Reflect.deleteProperty(process.env, 'SLIPWAY_DOCKER_COMPOSE');
});
afterAll(async () => {
  await platform.end();
  rmSync(folder, { recursive: true, force: true });
});

const checksOf = async (id: number) =>
  StoredChecks.parse((await db().changeRequest.findUniqueOrThrow({ where: { id } })).checks);
const branches = async (id: number) =>
  platform.api<unknown[]>('GET', `/git/matching-refs/heads/${(await getRequest(id)).branch}`);

/** A Compose that refuses what it is given, unless it is the base. */
function refusingCompose(): string {
  const path = join(folder, 'docker-compose');
  const refuse = 'while [ $# -gt 0 ]; do [ "$1" = -f ] && file="$2"; shift; done; grep -q refused "$file" || exit 0';
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$1" = version ] && echo 2.99.0 && exit 0\n${refuse}\necho "not this service" >&2\nexit 1\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

describe('the checks of a request', () => {
  test('run before the branch is made: one that fails ends the request, with its reason', async () => {
    process.env['SLIPWAY_DOCKER_COMPOSE'] = refusingCompose();
    const id = await submitOne(platform.dana, specOf('refused'));
    await openPullRequest(id);
    expect(await getRequest(id)).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(/“docker compose config” fails: .*not this service/) as string,
    });
    expect(await branches(id)).toEqual([]);
    expect((await checksOf(id)).find((check) => check.id === 'compose-config')).toMatchObject({ status: 'fail' });

    // Mended, and tried again by a person.
    Reflect.deleteProperty(process.env, 'SLIPWAY_DOCKER_COMPOSE');
    await retryRequest(id, platform.dana);
    await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    const checks = await checksOf(id);
    for (const check of [...toolCheckIds, 'database-agrees'])
      expect(
        checks.find((one) => one.id === check),
        check,
      ).toMatchObject({ status: 'pass' });
    expect(new Set(checks.map((check) => check.id)).size).toBe(checks.length);
  });

  test('are tried again where a tool gives no verdict, and do not end the request', async () => {
    const path = join(folder, 'breaking-compose');
    writeFileSync(path, '#!/bin/sh\n[ "$1" = version ] && echo 2.99.0 && exit 0\nkill -9 $$\n');
    chmodSync(path, 0o755);
    process.env['SLIPWAY_DOCKER_COMPOSE'] = path;
    const id = await submitOne(platform.dana, specOf('patient'));
    await openPullRequest(id).catch(() => undefined);
    expect((await getRequest(id)).state).not.toBe('failed');
    const step = await db().requestStep.findUniqueOrThrow({
      where: { requestId_name: { requestId: id, name: 'check' } },
    });
    expect(step).toMatchObject({ status: 'pending', error: expect.stringContaining('ended by a signal') as string });
    expect(await branches(id)).toEqual([]);
    Reflect.deleteProperty(process.env, 'SLIPWAY_DOCKER_COMPOSE');
    await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
  });

  test('leave a pull request that is verified from GitHub alone', async () => {
    const id = await submitOne(platform.dana, specOf('verified'));
    await openPullRequest(id);
    const request = await db().changeRequest.findUniqueOrThrow({ where: { id } });
    const number = request.pullNumber ?? 0;
    const { body, head, start } = await readPullRequestEnds(number);
    const decoded = decodeChangeRecord(body);
    if ('problem' in decoded) throw new Error(decoded.problem);
    const { record } = decoded;
    const branch = await readPullRequestBranch(number, start, head);
    expect(verifyChange(record, digestInBody(body), branch)).toEqual({ digest: request.digest, differences: [] });
    const other = { ...record, resolved: { ...record.resolved, purpose: 'Something else.' } };
    expect(verifyChange(other, digestInBody(body), branch).differences.join()).toContain('digest is another one');
  });

  test('tell a tool that is absent as not run, and go on', async () => {
    process.env['SLIPWAY_DOCKER_COMPOSE'] = join(folder, 'nowhere');
    const id = await submitOne(platform.dana, specOf('unjudged'));
    await openPullRequest(id);
    expect((await getRequest(id)).state).toBe('in_review');
    expect((await checksOf(id)).find((check) => check.id === 'compose-config')).toMatchObject({ status: 'not-run' });
  });

  test('hold what the files say against the portal’s records', async () => {
    const id = await submitOne(platform.dana, specOf('recorded'));
    const request = await db().changeRequest.findUniqueOrThrow({ where: { id } });
    const { plan, resolved, profile } = planOf(request);
    const { tree } = await repositoryAt(request.baseSha);
    const claims = await readClaims(db(), id);
    const judge = (altered: typeof claims) => databaseAgrees({ plan, manifest: resolved, profile, tree }, altered);
    expect(judge(claims)).toMatchObject({ id: 'database-agrees', status: 'pass' });
    const [port] = claims.ports;
    const moved = { protocol: 'tcp', range: { from: 1, to: 1 } };
    expect(judge({ ...claims, ports: [moved, ...claims.ports.slice(1)] }).detail).toContain(
      `publishes ${port?.range.from}`,
    );
    expect(judge({ ...claims, ports: [...claims.ports, moved] }).summary).toContain('no file publishes it');
    expect(judge({ ...claims, hosts: [] }).status).toBe('fail');
    expect(judge({ ...claims, hosts: [...claims.hosts, 'other.test/'] }).status).toBe('fail');
    expect(judge({ ...claims, runbookNumbers: [] }).status).toBe('fail');
  });

  test('run for a draft on demand, once for the same change set', async () => {
    const content = DraftContent.parse(specOf('drafted'));
    const [first, second] = await Promise.all([
      checkDraft(content, platform.dana.id),
      checkDraft(content, platform.dana.id),
    ]);
    expect(first.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(second.rendered).toBe(first.rendered);
    expect(first.checks.filter(({ status }) => status === 'fail' || status === 'not-run')).toEqual([]);
    expect(first.checks.map(({ id }) => id)).toEqual(expect.arrayContaining([...toolCheckIds]));
    expect(await checkDraft({}, platform.dana.id)).toMatchObject({ digest: undefined, checks: [] });
  });
});
