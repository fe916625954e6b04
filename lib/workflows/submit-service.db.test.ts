import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotAllowedError, ConflictError, InputError } from '@/lib/errors';
import { db } from '@/lib/db';
import { createActor } from '@/lib/requests/test-requests';
import { getRequest } from '@/lib/requests/queries';
import { listServices } from '@/lib/services/queries';
import { previewOf, specOf, startTestPlatform, submitOne, type TestPlatform } from './test-platform';
import { expire } from './expire';
import { currentRepository } from './read-repository';
import { submitRemoval, submitService } from './submit-service';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ webhooks: false });
});
afterAll(() => platform.end());

const counts = async () => ({
  requests: await db().changeRequest.count(),
  ports: await db().portReservation.count(),
  hosts: await db().hostClaim.count(),
  numbers: await db().runbookClaim.count(),
  events: await db().timelineEvent.count(),
  services: await db().service.count(),
  jobs: (await db().$queryRaw<unknown[]>`SELECT 1 FROM graphile_worker.jobs`).length,
});

describe('one submission', () => {
  test('writes the request, its ports, host, number, place in the catalog and job together', async () => {
    const manifest = specOf('egress');
    const { plan, resolved } = await previewOf(manifest);
    const id = await submitOne(platform.dana, manifest);
    const request = await getRequest(id);
    const external = resolved.ports[0]?.external;
    expect(request).toMatchObject({
      state: 'submitted',
      digest: plan.digest,
      branch: `slipway/${id}-egress`,
      requester: { name: 'Dana' },
      timeline: [{ kind: 'reserved', status: 'done', actor: 'Dana' }],
      allocations: {
        ports: [{ name: 'http', external, state: 'held', pool: 'realtime', scope: 'ravenhelm-01' }],
        hosts: [{ host: 'egress.ravenhelm.test', path: '/' }],
        runbook: { number: resolved.runbook?.number },
      },
    });
    expect(request.commits.map((commit) => commit.key)).toEqual(plan.commits.map((commit) => commit.key));
    expect(request.commits[0]?.key).toBe('ports');
    expect(request.files.every((file) => file.removed === 0 && file.added > 0)).toBe(true);
    const days = (Date.parse(request.allocations.heldUntil ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(13.9);
    const catalog = await listServices({ search: 'egress' });
    expect(catalog.services).toMatchObject([{ name: 'egress', state: 'pending', request: { id, state: 'submitted' } }]);
  });

  test('a viewer may not', async () => {
    const vera = await createActor('Vera', 'viewer');
    await expect(submitOne(vera, specOf('viewers'))).rejects.toThrow(NotAllowedError);
  });

  test('the draft becomes the request’s, and only its owner can send it', async () => {
    const eve = await createActor('Eve');
    const draft = await db().draft.create({
      data: { ownerId: platform.dana.id, content: {}, expiresAt: new Date(Date.now() + 86_400_000) },
    });
    const manifest = specOf('drafted');
    const { digest } = (await previewOf(manifest)).plan;
    const submission = { manifest, digest, idempotencyKey: 'drafted', draftId: draft.id };
    await expect(submitService({ ...submission, actor: eve })).rejects.toThrow('whoever begins a draft submits it');
    const result = await submitService({ ...submission, actor: platform.dana });
    const again = submitService({ ...submission, idempotencyKey: 'drafted-2', actor: platform.dana });
    expect(result.kind).toBe('submitted');
    await expect(again).rejects.toThrow(ConflictError);
  });
});

describe('sent twice', () => {
  test('one key gives one request, one after the other and at once', async () => {
    const manifest = specOf('twice');
    const { digest } = (await previewOf(manifest)).plan;
    const submit = () => submitService({ manifest, digest, idempotencyKey: 'twice-key', actor: platform.dana });
    const before = await counts();
    const results = await Promise.all([submit(), submit(), submit(), submit()]);
    results.push(await submit());
    expect(new Set(results.map((result) => (result.kind === 'submitted' ? result.requestId : result.kind))).size).toBe(
      1,
    );
    expect(results[0]?.kind).toBe('submitted');
    expect((await counts()).requests).toBe(before.requests + 1);
    expect((await counts()).jobs).toBe(before.jobs + 1);
  });

  test('one key with another question is refused, and says what it made', async () => {
    const manifest = specOf('once-asked');
    const { digest } = (await previewOf(manifest)).plan;
    const key = { idempotencyKey: 'asked-once', actor: platform.dana };
    const first = await submitService({ manifest, digest, ...key });
    const before = await counts();
    const other = { ...manifest, name: 'never-asked' };
    for (const question of [
      { manifest: other, digest },
      { manifest, digest: '0'.repeat(64) },
      { manifest, digest, draftId: '018f2b8e-0000-7000-8000-000000000000' },
      { manifest, digest, action: 'change' as const },
    ])
      await expect(submitService({ ...question, ...key })).rejects.toThrow(/asked for something else/);
    await expect(submitRemoval({ service: 'once-asked', digest, ...key })).rejects.toThrow(/asked for something else/);
    expect(await submitService({ manifest, digest, ...key })).toEqual(first);
    expect(await counts()).toEqual(before);
  });

  test('a key of somebody else’s gives nothing away', async () => {
    const eve = await createActor('Eve of the keys');
    const manifest = specOf('not-yours');
    const { digest } = (await previewOf(manifest)).plan;
    const attempt = submitService({ manifest, digest, idempotencyKey: 'twice-key', actor: eve });
    await expect(attempt).rejects.toThrow(InputError);
  });
});

describe('what moved since', () => {
  test('another digest writes nothing and shows how it would be', async () => {
    const manifest = specOf('moved');
    const before = await counts();
    const { plan } = await previewOf(manifest);
    const result = await submitService({
      manifest,
      digest: plan.digest.replace(/^./, (first) => (first === '0' ? '1' : '0')),
      idempotencyKey: 'moved',
      actor: platform.dana,
    });
    expect(result).toMatchObject({ kind: 'changed', digest: plan.digest });
    expect(await counts()).toEqual(before);
  });

  test('two that want the next free port at once: one has it, the other is shown the next one', async () => {
    const names = ['auto-a', 'auto-b'];
    const seen = await Promise.all(names.map(async (name) => (await previewOf(specOf(name))).plan.digest));
    const results = await Promise.all(
      names.map((name, index) =>
        submitService({
          manifest: specOf(name),
          digest: seen[index] ?? '',
          idempotencyKey: name,
          actor: platform.dana,
        }),
      ),
    );
    expect(results.map((result) => result.kind).sort()).toEqual(['changed', 'submitted']);
  });

  test('who asks for the next free numbers gets them at the first try, each another, and the timeline says so', async () => {
    const names = ['auto-c', 'auto-d', 'auto-e'];
    const seen = await Promise.all(names.map((name) => previewOf(specOf(name))));
    const results = await Promise.all(
      names.map((name, index) => {
        const { plan, resolved } = seen[index] ?? raise();
        const ports = resolved.ports.flatMap(({ external }) => (external === 'none' ? [] : [external]));
        return submitService({
          ...{ manifest: specOf(name), digest: plan.digest, idempotencyKey: name, actor: platform.dana },
          renumber: { ports, runbook: resolved.runbook?.number },
        });
      }),
    );
    expect(results.map(({ kind }) => kind)).toEqual(['submitted', 'submitted', 'submitted']);
    const rows = await db().portReservation.findMany({ where: { service: { in: names } } });
    expect(new Set(rows.map(({ portFrom }) => portFrom)).size).toBe(3);
    const told = await db().timelineEvent.findMany({
      where: { kind: 'reserved', request: { serviceName: { in: names } }, detail: { contains: 'next free ones' } },
    });
    expect(told).toHaveLength(2);
  });

  test('where more than numbers moved the new plan is shown, also to who asked for the next free ones', async () => {
    const manifest = specOf('auto-f');
    const { plan, resolved } = await previewOf(manifest);
    const ports = resolved.ports.flatMap(({ external }) => (external === 'none' ? [] : [external]));
    const other = { ...manifest, purpose: 'Something that nobody has seen.' };
    const result = await submitService({
      ...{ manifest: other, digest: plan.digest, idempotencyKey: 'auto-f', actor: platform.dana },
      renumber: { ports, runbook: resolved.runbook?.number },
    });
    expect(result.kind).toBe('changed');
  });

  test('main moved: the new plan is shown, made on the new main', async () => {
    const manifest = specOf('main-moved');
    const { plan } = await previewOf(manifest);
    const registry = (await currentRepository()).tree.read('config/port_registry.yaml') ?? '';
    const external = (await previewOf(manifest)).resolved.ports[0]?.external;
    if (external === undefined || external === 'none') throw new Error('no port');
    const entry = `  - port: ${external.from}\n    service: quick-one\n    protocol: tcp\n    description: Was faster\n`;
    await platform.api('POST', '/_slipway/push', {
      login: 'operator',
      message: 'chore(ports): one more',
      files: { 'config/port_registry.yaml': registry.replace(/^ports:\n/m, `ports:\n${entry}`) },
    });
    const { digest } = plan;
    const result = await submitService({ manifest, digest, idempotencyKey: 'main-moved', actor: platform.dana });
    const next = { from: external.from + 1, to: external.to + 1 };
    expect(result).toMatchObject({ kind: 'changed', resolved: { ports: [{ external: next }] } });
  });
});

describe('somebody has it', () => {
  test('the name of an open request, with a link to it', async () => {
    const first = await submitOne(platform.dana, specOf('taken-name'));
    const attempt = submitOne(platform.dana, specOf('taken-name'), 'another key');
    await expect(attempt).rejects.toMatchObject({
      kind: 'conflict',
      detail: { path: 'name', owner: { href: `/requests/${first}` } },
    });
  });

  test('the port of an open request, with a link to it', async () => {
    const ports = (from: number) => [{ name: 'http', internal: 7980, external: from, why: 'HTTP API' }];
    const first = await submitOne(platform.dana, specOf('port-owner', { ports: ports(45_001) }));
    const attempt = submitOne(platform.dana, specOf('port-wanter', { ports: ports(45_001) }));
    await expect(attempt).rejects.toMatchObject({
      kind: 'conflict',
      detail: { path: 'ports.0.external', owner: { href: `/requests/${first}` } },
    });
  });

  test('the host of an open request, with a link to it', async () => {
    const routing = { host: 'shared-host.ravenhelm.test' };
    const first = await submitOne(platform.dana, specOf('host-owner', { routing }));
    const attempt = submitOne(platform.dana, specOf('host-wanter', { routing }));
    await expect(attempt).rejects.toMatchObject({
      kind: 'conflict',
      detail: { path: 'routing.host', owner: { href: `/requests/${first}` } },
    });
  });

  test('whoever writes past every check still cannot have two owners of a port, a host, a number or a name', async () => {
    const id = await submitOne(platform.dana, specOf('the-owner'));
    const { allocations } = await getRequest(id);
    const external = allocations.ports[0]?.external;
    if (external === undefined || external === 'none') throw new Error('no port');
    await expect(db().$executeRaw`
      INSERT INTO port_reservations (scope, protocol, port_from, port_to, state, service, port_name, updated_at)
      VALUES ('ravenhelm-01', 'tcp', ${external.from}, ${external.to}, 'reserved', 'intruder', 'http', now())`).rejects.toThrow();
    const other = await submitOne(platform.dana, specOf('the-other'));
    await expect(
      db().hostClaim.create({ data: { requestId: other, host: 'the-owner.ravenhelm.test', path: '/' } }),
    ).rejects.toThrow();
    await expect(
      db().runbookClaim.create({ data: { requestId: other, number: allocations.runbook?.number ?? 0 } }),
    ).rejects.toThrow();
    await expect(
      db().changeRequest.update({ where: { id: other }, data: { serviceName: 'the-owner' } }),
    ).rejects.toThrow();
    await expect(
      db().changeRequest.update({ where: { id: other }, data: { idempotencyKey: 'key of the-owner' } }),
    ).rejects.toThrow();
  });
});

describe('leases', () => {
  test('a lease that ran out fails its request and frees everything, in one transaction', async () => {
    const id = await submitOne(platform.dana, specOf('late-one'));
    await db().portReservation.updateMany({ where: { requestId: id }, data: { leaseUntil: new Date(Date.now() - 1) } });
    await expire();
    const request = await getRequest(id);
    expect(request).toMatchObject({ state: 'failed', allocations: { ports: [{ state: 'released' }] } });
    expect(request.failure).toContain('held for as long as they may be');
    expect(await db().hostClaim.count({ where: { requestId: id, releasedAt: null } })).toBe(0);
    expect((await listServices({ search: 'late-one' })).services).toEqual([]);
  });

  test('the next submission does not have to wait for the clock', async () => {
    const ports = [{ name: 'http', internal: 7980, external: 45_100, why: 'HTTP API' }];
    const docs = { runbook: false };
    const stale = await submitOne(platform.dana, specOf('stale-one', { ports, docs }));
    await db().portReservation.updateMany({
      where: { requestId: stale },
      data: { leaseUntil: new Date(Date.now() - 1) },
    });
    const manifest = specOf('fresh-one', { ports, docs });
    await expect(previewOf(manifest)).resolves.toMatchObject({ conflicts: [{ kind: 'port' }] });
    // The digest of a preview in which the port was free.
    await db().portReservation.updateMany({ where: { requestId: stale }, data: { scope: 'elsewhere' } });
    const { digest } = (await previewOf(manifest)).plan;
    await db().portReservation.updateMany({ where: { requestId: stale }, data: { scope: 'ravenhelm-01' } });
    const result = await submitService({ manifest, digest, idempotencyKey: 'fresh-one', actor: platform.dana });
    expect(result.kind).toBe('submitted');
    expect((await getRequest(stale)).state).toBe('failed');
  });
});

function raise(): never {
  throw new Error('not there');
}
