/** Reserving and releasing ports by hand: the operator's wish, compared with what main has, in the words of the repository's pools. */
import { requirePermission, type Actor } from '@/lib/auth/permissions';
import { InputError } from '@/lib/errors';
import { isOwnName } from '@/lib/generator/emitters/taken-ports';
import { listPools, observePorts, type PortPool } from '@/lib/generator/observe/ports';
import { releaseByHand, reserveByHand, type HandReservation } from '@/lib/ports/reserve-by-hand';
import type { HandReservedView, PortWish } from '@/lib/ports/views';
import { overlaps, portWarnings } from '@/lib/services/port-range';
import { endExpired } from './end-request';
import { refreshPortFindings } from './port-findings';
import { currentRepository, type Repository } from './read-repository';

/**
 * Reserves ports of the platform's host by hand.
 * @param options.idempotencyKey the same key with the same wish gives the same reservation.
 * @throws NotAllowedError; InputError where there is no such pool; ConflictError naming who has the port, or how full the pool is.
 */
export async function reservePort(
  wish: PortWish,
  actor: Actor,
  options: { idempotencyKey?: string } = {},
): Promise<HandReservedView> {
  requirePermission(actor, 'ports.manage');
  const repository = await currentRepository();
  const { service, protocol, portName, reason } = wish;
  const { idempotencyKey } = options;
  const reserved = await reserveByHand(
    {
      scope: repository.profile.platform.host,
      ...{ service, protocol, portName, reason, idempotencyKey },
      by: actor.name,
      wanted: wantedOf(wish, repository),
    },
    endExpired,
  );
  // What an `auto` reservation takes is nobody's in main: there is nothing that it could mend.
  if (wish.port !== 'auto') await refreshPortFindings(repository);
  return { ...reserved, scope: repository.profile.platform.host, protocol, warnings: warningsOf(reserved, repository) };
}

/** @throws NotAllowedError, NotFoundError; ConflictError where a request that is under way has it. */
export async function releasePort(release: { id: string; reason: string }, actor: Actor): Promise<void> {
  requirePermission(actor, 'ports.manage');
  await releaseByHand({ ...release, by: actor.name }, endExpired);
  await refreshPortFindings(await currentRepository());
}

function wantedOf(wish: PortWish, { tree, profile }: Repository): HandReservation['wanted'] {
  const pools = listPools(tree, profile);
  const seen = observePorts(tree, profile);
  if (wish.port === 'auto') return { kind: 'auto', pool: requirePool(wish.pool, pools), size: wish.size, seen };
  const range = wish.port;
  return {
    kind: 'range',
    range,
    pool: pools.find((pool) => pool.from <= range.from && range.to <= pool.to)?.name,
    others: seen.filter((port) => !isOwnName(port.service, wish.service, profile)),
  };
}

function requirePool(name: string | undefined, pools: readonly PortPool[]): PortPool {
  const pool = pools.find((one) => one.name === name);
  if (pool) return pool;
  const names = pools.map((one) => one.name).join(', ');
  const message = `Name the pool that auto takes from${names === '' ? ': this platform has none, so give a number' : `: ${names}`}.`;
  throw new InputError(message, [{ path: 'pool', message }]);
}

function warningsOf(
  { range, pool }: { range: PortWish['port'] & object; pool: string | undefined },
  repository: Repository,
) {
  const pools = listPools(repository.tree, repository.profile);
  const cut = pool === undefined ? pools.find((one) => overlaps(one, range)) : undefined;
  const outside = pool !== undefined ? [] : [cut ? `it lies only partly in the pool ${cut.name}` : 'it is in no pool'];
  return [...portWarnings(range), ...(pools.length > 0 ? outside : [])];
}
