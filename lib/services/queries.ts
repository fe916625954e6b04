/** What pages, API and command line read of the catalog. Everybody who is signed in may read it (`services.read`). */
import { z } from 'zod';
import { db, type Database } from '@/lib/db';
import { env } from '@/lib/env';
import { NotFoundError } from '@/lib/errors';
import type { Service } from '@/lib/generated/prisma/client';
import { actionNamed, openStates, requestTitle } from '@/lib/requests/states';
import { Manifest } from './manifest';
import type { Catalog, CatalogFacet, ServiceDetails, ServicePort, ServiceSummary } from './views';

export interface ListServicesOptions {
  /** Every word has to stand in name, display name, purpose, owner, category, stack, host or among the ports. */
  search?: string;
  state?: readonly string[];
  category?: readonly string[];
  owner?: readonly string[];
  stack?: readonly string[];
  lifecycle?: readonly string[];
}

const facetKeys = ['state', 'category', 'owner', 'stack', 'lifecycle'] as const;

const StoredPorts = z.array(
  z.object({
    name: z.string().optional(),
    protocol: z.enum(['tcp', 'udp']),
    from: z.number(),
    to: z.number(),
  }),
);
const StoredPlaces = z.array(z.object({ path: z.string(), line: z.number().optional() }));

type ServiceRow = Service & Pick<ServiceSummary, 'request' | 'underWay'>;

/** Pending ones first, then by name. A facet counts what the search and the other facets leave. */
export async function listServices(options: ListServicesOptions = {}, database: Database = db()): Promise<Catalog> {
  const all = (await readAll(database)).map(summaryOf);
  const words = (options.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter((service) => words.every((word) => matches(service, word)));
  const passes = (service: ServiceSummary, but?: (typeof facetKeys)[number]) =>
    facetKeys.every((key) => {
      const wanted = options[key];
      return key === but || !wanted || wanted.length === 0 || wanted.includes(service[key] ?? '');
    });
  const facets = Object.fromEntries(
    facetKeys.map((key) => [
      key,
      facetOf(
        found.filter((service) => passes(service, key)),
        key,
      ),
    ]),
  ) as Catalog['facets'];
  const services = found
    .filter((service) => passes(service))
    .sort((a, b) => Number(a.state === 'live') - Number(b.state === 'live') || (a.name < b.name ? -1 : 1));
  return { services, total: all.length, facets };
}

/**
 * Everything that the service page shows.
 * @throws NotFoundError
 */
export async function getService(name: string, database: Database = db()): Promise<ServiceDetails> {
  const row = await database.service.findUnique({ where: { name } });
  if (!row) throw new NotFoundError(`There is no service ${name}. See the catalog, or add it.`);
  const requests = await database.changeRequest.findMany({
    where: { serviceName: name },
    orderBy: { id: 'desc' },
    take: 50,
    select: {
      id: true,
      serviceName: true,
      action: true,
      state: true,
      supersededById: true,
      givenBackAt: true,
      createdAt: true,
      pullUrl: true,
      issueUrl: true,
      runbookPageUrl: true,
    },
  });
  const own = requests.find((request) => request.id === row.requestId);
  const open = requests.find((request) => openStates.some((state) => state === request.state));
  // One at most (unique index `change_requests_one_live_per_service`).
  const live = await database.changeRequest.findFirst({
    where: {
      repository: env().github.fullName,
      serviceName: name,
      state: 'live',
      action: { not: 'remove' },
      supersededById: null,
      givenBackAt: null,
    },
    select: { id: true },
  });
  const manifest = row.manifest === null ? undefined : Manifest.safeParse(row.manifest).data;
  return {
    ...summaryOf({
      ...row,
      request: own ? { id: own.id, state: own.state } : undefined,
      underWay: open && underWayOf(open),
    }),
    liveRequest: live?.id,
    manifest,
    places: StoredPlaces.parse(row.places).map(({ path, line }) => ({ path, line })),
    seenSha: row.seenSha ?? undefined,
    runbookPath: row.runbookPath ?? undefined,
    links: {
      pull: own?.pullUrl ?? undefined,
      issue: own?.issueUrl ?? undefined,
      runbookPage: own?.runbookPageUrl ?? undefined,
    },
    requests: requests.map((request) => ({
      id: request.id,
      title: requestTitle(actionNamed(request.action), request.serviceName),
      state: request.state,
      action: actionNamed(request.action),
      supersededBy: request.supersededById ?? undefined,
      givenBack: request.givenBackAt !== null,
      createdAt: request.createdAt.toISOString(),
    })),
  };
}

async function readAll(database: Database): Promise<ServiceRow[]> {
  const rows = await database.service.findMany();
  const ids = rows.flatMap((row) => (row.requestId === null ? [] : [row.requestId]));
  const requests = await database.changeRequest.findMany({
    where: { id: { in: ids } },
    select: { id: true, state: true },
  });
  const byId = new Map(requests.map((request) => [request.id, request]));
  const open = await database.changeRequest.findMany({
    where: { state: { in: [...openStates] } },
    select: { id: true, serviceName: true, action: true },
  });
  const openOf = new Map(open.map((request) => [request.serviceName, underWayOf(request)]));
  return rows.map((row) => ({
    ...row,
    request: row.requestId === null ? undefined : byId.get(row.requestId),
    underWay: openOf.get(row.name),
  }));
}

function underWayOf({ id, serviceName, action }: { id: number; serviceName: string; action: string }) {
  return { id, action: actionNamed(action), title: requestTitle(actionNamed(action), serviceName) };
}

function summaryOf(row: ServiceRow): ServiceSummary {
  return {
    name: row.name,
    displayName: row.displayName ?? undefined,
    purpose: row.purpose ?? undefined,
    state: row.seenSha === null ? 'pending' : 'live',
    category: row.category ?? undefined,
    owner: row.owner ?? undefined,
    lifecycle: row.lifecycle ?? undefined,
    stack: row.stack ?? undefined,
    host: row.host ?? undefined,
    ports: StoredPorts.parse(row.ports).map(({ name, protocol, from, to }): ServicePort => ({
      name,
      protocol,
      from,
      to,
    })),
    request: row.request,
    underWay: row.underWay,
    updatedAt: row.updatedAt.toISOString(),
  };
}

function matches(service: ServiceSummary, word: string): boolean {
  const texts = [
    service.name,
    service.displayName,
    service.purpose,
    service.owner,
    service.category,
    service.stack,
    service.host,
    service.lifecycle,
  ];
  if (texts.some((text) => text?.toLowerCase().includes(word))) return true;
  const port = /^\d+$/.test(word) ? Number(word) : undefined;
  return port !== undefined && service.ports.some(({ from, to }) => from <= port && port <= to);
}

function facetOf(services: readonly ServiceSummary[], key: (typeof facetKeys)[number]): CatalogFacet[] {
  const counts = new Map<string, number>();
  for (const service of services) {
    const value = service[key];
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** Names of all services of the catalog. */
export async function listServiceNames(database: Database = db()): Promise<Set<string>> {
  const rows = await database.service.findMany({ select: { name: true } });
  return new Set(rows.map((row) => row.name));
}

/** Names of the services that main had when it was imported last. */
export async function listServicesInMain(database: Database = db()): Promise<Set<string>> {
  const rows = await database.service.findMany({ where: { seenSha: { not: null } }, select: { name: true } });
  return new Set(rows.map((row) => row.name));
}
