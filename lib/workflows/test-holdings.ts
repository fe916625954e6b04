/**
 * For tests alone: what each request may hold once nothing is left to do, worked out from its spec and from main's files, and compared with the rows. It asks
 * none of the code that writes them.
 */
import { expect } from 'vitest';
import { db } from '@/lib/db';
import { observePorts } from '@/lib/generator/observe/ports';
import { observeServices } from '@/lib/generator/observe/services';
import { publishedPorts, storedManifest, StoredResolved } from '@/lib/requests/stored';
import { formatPortRange } from '@/lib/services/port-range';
import { currentRepository, type Repository } from './read-repository';

/** Ports as `tcp 7980`, with their state where it counts; hosts with their path; runbook numbers. */
interface Holdings {
  ports: string[];
  hosts: string[];
  numbers: string[];
}

const NOTHING: Holdings = { ports: [], hosts: [], numbers: [] };

const readAll = () =>
  db().changeRequest.findMany({
    include: {
      ports: { where: { state: { not: 'released' } } },
      hosts: { where: { releasedAt: null } },
      runbooks: { where: { releasedAt: null } },
      steps: { where: { name: 'cancel', status: 'failed' } },
      supersededBy: { select: { action: true } },
    },
  });
type Row = Awaited<ReturnType<typeof readAll>>[number];

/** To be called at rest. @returns when every request, and the catalog, has been looked at. */
export async function expectHoldings(): Promise<void> {
  const repository = await currentRepository({ maxAgeMs: 0 });
  const rows = await readAll();
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const row of rows) {
    const label = `request ${row.id} (${row.action} ${row.serviceName}), ${row.state}`;
    expectCancelled(row, label);
    const predecessor = row.predecessorId === null ? undefined : byId.get(row.predecessorId);
    expectHeld(row, predecessor, label);
    if (isStanding(row)) expectInMain(repository, row, label);
  }
  await expectNames(repository, rows);
}

/** It stands for its service in main. */
function isStanding({ state, action, supersededById, givenBackAt }: Row): boolean {
  return state === 'live' && action !== 'remove' && supersededById === null && givenBackAt === null;
}

/** A wish to cancel is carried out, or over; or its step waits for a person, who is told. */
function expectCancelled({ state, cancelAskedAt, steps }: Row, label: string): void {
  const isOver = cancelAskedAt === null || state === 'cancelled' || steps.length > 0;
  expect(isOver, `${label}: the wish to cancel it is carried out or over`).toBe(true);
  if (['merged', 'live', 'closed'].includes(state))
    expect(cancelAskedAt, `${label}: nobody waits for its cancellation`).toBeNull();
}

function expectHeld(row: Row, predecessor: Row | undefined, label: string): void {
  const held = heldBy(row);
  if (isStanding(row)) expect(held, `${label}: holds what it published`).toEqual(asked(row, 'active'));
  else if (row.state === 'in_review' && row.action !== 'remove')
    expect(held, `${label}: what it needs is reserved`).toEqual(withoutThose(asked(row, 'reserved'), predecessor));
  // Tried again until its lease ends, it goes on with all of it.
  else if (row.state === 'failed' && row.action !== 'remove' && !isNothing(held))
    expect(held, `${label}: holds all or nothing`).toEqual(withoutThose(asked(row, 'held'), predecessor));
  // A removed service's number stays its own: old links point to it.
  else if (row.supersededBy?.action === 'remove')
    expect({ ...held, numbers: [] }, `${label}: removed, holds nothing but its number`).toEqual(NOTHING);
  else expect(held, `${label}: holds nothing`).toEqual(NOTHING);
}

const isNothing = ({ ports, hosts, numbers }: Holdings) => ports.length + hosts.length + numbers.length === 0;

function heldBy({ ports, hosts, runbooks }: Row): Holdings {
  return {
    ports: ports
      .map((row) => `${row.state} ${row.protocol} ${formatPortRange({ from: row.portFrom, to: row.portTo })}`)
      .sort(),
    hosts: hosts.map(({ host, path }) => `${host}${path}`).sort(),
    numbers: runbooks.map(({ number }) => String(number)).sort(),
  };
}

/** Everything that the spec of a request names. */
function asked(row: Row, state: 'held' | 'reserved' | 'active'): Holdings {
  const resolved = StoredResolved.parse(row.resolved);
  const { routing } = storedManifest(row.manifest);
  const hosts = routing ? [routing.host, ...routing.aliases] : [];
  return {
    ports: publishedPorts(resolved)
      .map(({ protocol, range }) => `${state} ${protocol} ${formatPortRange(range)}`)
      .sort(),
    hosts: hosts.map((host) => `${host}${routing?.path ?? '/'}`).sort(),
    numbers: resolved.runbook ? [String(resolved.runbook.number)] : [],
  };
}

/** What a change keeps is its predecessor's until main shows the change. */
function withoutThose(all: Holdings, predecessor: Row | undefined): Holdings {
  if (!predecessor) return all;
  const theirs = heldBy(predecessor);
  const bare = (port: string) => port.replace(/^\w+ /, '');
  return {
    ports: all.ports.filter((port) => !theirs.ports.map(bare).includes(bare(port))),
    hosts: all.hosts.filter((host) => !theirs.hosts.includes(host)),
    numbers: all.numbers.filter((number) => !theirs.numbers.includes(number)),
  };
}

function expectInMain({ tree, profile }: Repository, row: Row, label: string): void {
  const own = observePorts(tree, profile).filter(({ service }) => service === row.serviceName);
  const published = [...new Set(own.map(({ protocol, range }) => `active ${protocol} ${formatPortRange(range)}`))];
  expect(heldBy(row).ports, `${label}: its ports are those of main’s files`).toEqual(published.sort());
}

/** Main's services are those that live requests stand for; a name that is only promised is an open addition's. */
async function expectNames({ tree, profile }: Repository, rows: readonly Row[]): Promise<void> {
  const own = new Set(rows.map(({ serviceName }) => serviceName));
  const standing = rows.filter(isStanding).map(({ serviceName, id }) => `${serviceName}, request ${id}`);
  const services = (await db().service.findMany()).filter(({ name }) => own.has(name));
  const named = (isSeen: boolean) =>
    services
      .filter(({ seenSha }) => (seenSha !== null) === isSeen)
      .map(({ name, requestId }) => `${name}, request ${requestId}`);
  const inMain = observeServices(tree, profile).filter(({ name }) => own.has(name));
  expect(inMain.map(({ name }) => name).sort(), 'main has what is live').toEqual(
    rows
      .filter(isStanding)
      .map(({ serviceName }) => serviceName)
      .sort(),
  );
  expect(named(true).sort(), 'the catalog has what is live').toEqual(standing.sort());
  const promising = rows.filter(
    (row) => row.action === 'add' && (row.state === 'in_review' || (row.state === 'failed' && !isNothing(heldBy(row)))),
  );
  expect(named(false).sort(), 'a promised name is an open addition’s').toEqual(
    promising.map(({ serviceName, id }) => `${serviceName}, request ${id}`).sort(),
  );
}
