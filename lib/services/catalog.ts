/** Writes the catalog: what a request promises, and what was found in the repository's main. */
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
    where: { state: { in: ['merged', 'live'] }, serviceName: { in: seen.map((service) => service.name) } },
    orderBy: { id: 'asc' },
    select: { id: true, serviceName: true, manifest: true },
  });
  const byName = new Map(requests.map((request) => [request.serviceName, request]));
  for (const service of seen) {
    const request = byName.get(service.name);
    const manifest = request ? (request.manifest as unknown as Manifest) : undefined;
    const values = {
      ...(manifest
        ? describe(manifest)
        : { category: service.category ?? null, owner: service.owner ?? null, purpose: service.purpose ?? null }),
      stack: service.stack ?? null,
      host: service.host ?? manifest?.routing?.host ?? null,
      ports: service.ports as unknown as Prisma.InputJsonValue,
      places: service.places as unknown as Prisma.InputJsonValue,
      runbookPath: service.runbookPath ?? null,
      seenSha: sha,
      ...(request ? { requestId: request.id, manifest: request.manifest as Prisma.InputJsonValue } : {}),
    };
    await tx.service.upsert({
      where: { name: service.name },
      create: { name: service.name, ...values },
      update: values,
    });
  }
  const names = seen.map((service) => service.name);
  await tx.service.deleteMany({ where: { seenSha: { not: null }, name: { notIn: names } } });
  await announce(tx, 'services');
  return seen.length;
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
