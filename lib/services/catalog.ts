/** Writes the catalog: what a request promises, and what was found in the repository's main. */
import { isDeepStrictEqual } from 'node:util';
import type { Prisma } from '@/lib/generated/prisma/client';
import { announce } from '@/lib/events';
import type { Manifest } from './manifest';

type Transaction = Prisma.TransactionClient;

/** Ports as the catalog keeps them. */
export interface CatalogPort {
  name?: string;
  protocol: 'tcp' | 'udp';
  from: number;
  to: number;
}

/** Shows a service from the moment it is requested, marked as pending until main has it. */
export async function promiseService(
  tx: Transaction,
  requestId: number,
  manifest: Manifest,
  ports: readonly CatalogPort[],
): Promise<void> {
  const values = { ...describe(manifest), ports: ports as unknown as Prisma.InputJsonValue, manifest, requestId };
  const { count } = await tx.service.updateMany({ where: { name: manifest.name, seenSha: null }, data: values });
  if (count === 0) await tx.service.createMany({ data: [{ name: manifest.name, ...values }], skipDuplicates: true });
  await announce(tx, 'services');
}

/** The request has ended without a merge: what it promised is gone, what main has stays. */
export async function withdrawService(tx: Transaction, requestId: number): Promise<void> {
  const { count } = await tx.service.deleteMany({ where: { requestId, seenSha: null } });
  if (count > 0) await announce(tx, 'services');
}

/** A service as main has it. Absent fields leave what is known already. */
export interface SeenService {
  name: string;
  stack: string | undefined;
  host: string | undefined;
  ports: CatalogPort[];
  places: { path: string; line?: number }[];
  runbookPath: string | undefined;
  /** What the repository says of it elsewhere; a request's manifest counts for more. */
  category: string | undefined;
  owner: string | undefined;
  purpose: string | undefined;
}

/**
 * Brings the catalog to what main has at `sha`: services found are live; those that main no longer has go, unless a request promises them.
 * @returns how many services main has.
 */
export async function recordSeenServices(tx: Transaction, sha: string, seen: readonly SeenService[]): Promise<number> {
  const requests = await tx.changeRequest.findMany({
    where: {
      state: { in: ['merged', 'live'] },
      action: { not: 'remove' },
      supersededById: null,
      givenBackAt: null,
      serviceName: { in: seen.map((service) => service.name) },
    },
    // The one that was merged last stands for its service, also where it was made before another one. GitHub's times are whole seconds: in the same
    // one a merged request comes after the live one, whose place it takes.
    orderBy: [{ mergedAt: { sort: 'asc', nulls: 'first' } }, { state: 'desc' }, { id: 'asc' }],
    select: { id: true, serviceName: true, manifest: true },
  });
  const byName = new Map(requests.map((request) => [request.serviceName, request]));
  const known = new Map((await tx.service.findMany()).map((row) => [row.name, row]));
  const created: Prisma.ServiceCreateManyInput[] = [];
  for (const service of seen) {
    const values = seenValues(service, byName.get(service.name));
    const row = known.get(service.name);
    if (!row) created.push({ name: service.name, seenSha: sha, ...values });
    else if (row.seenSha === null || differs(row, values)) {
      await tx.service.update({ where: { name: service.name }, data: { ...values, seenSha: sha } });
    }
  }
  await tx.service.createMany({ data: created });
  const names = seen.map((service) => service.name);
  await tx.service.deleteMany({ where: { seenSha: { not: null }, name: { notIn: names } } });
  // What did not change was seen at this commit all the same.
  await tx.$executeRaw`UPDATE services SET seen_sha = ${sha} WHERE seen_sha IS DISTINCT FROM ${sha} AND seen_sha IS NOT NULL`;
  await announce(tx, 'services');
  return seen.length;
}

function seenValues(service: SeenService, request: { id: number; manifest: Prisma.JsonValue } | undefined) {
  const manifest = request ? (request.manifest as unknown as Manifest) : undefined;
  return {
    ...(manifest
      ? describe(manifest)
      : { category: service.category ?? null, owner: service.owner ?? null, purpose: service.purpose ?? null }),
    stack: service.stack ?? null,
    host: service.host ?? manifest?.routing?.host ?? null,
    ports: service.ports as unknown as Prisma.InputJsonArray,
    places: service.places as unknown as Prisma.InputJsonArray,
    runbookPath: service.runbookPath ?? null,
    ...(request ? { requestId: request.id, manifest: request.manifest as Prisma.InputJsonValue } : {}),
  };
}

/** JSON columns come back with their keys in another order. */
function differs(row: object, values: object): boolean {
  const before = new Map(Object.entries(row));
  return Object.entries(values).some(([key, value]) => !isDeepStrictEqual(before.get(key), value));
}

function describe(manifest: Manifest) {
  return {
    displayName: manifest.displayName ?? null,
    purpose: manifest.purpose,
    category: manifest.category,
    owner: manifest.owner,
    lifecycle: manifest.lifecycle,
    stack: manifest.runtime.compose?.stack ?? null,
    host: manifest.routing?.host ?? null,
  };
}
