/** The ports as pages show them: what main publishes and what requests hold, pool by pool. */
import { db, type Database } from '@/lib/db';
import { listPools, observePorts } from '@/lib/generator/observe/ports';
import { listTaken } from '@/lib/ports/queries';
import { buildStrip, cellsOutside } from '@/lib/ports/strip';
import type { PoolStrip, PortOverview } from '@/lib/ports/views';
import { currentRepository, type Repository } from './read-repository';

/** Every pool as a strip, and the ports outside of them. */
export async function getPortOverview(): Promise<PortOverview> {
  const repository = await currentRepository();
  const { tree, profile } = repository;
  const pools = listPools(tree, profile);
  const seen = observePorts(tree, profile);
  const held = await listTaken(db(), profile.platform.host);
  return {
    scope: profile.platform.host,
    pools: pools.map((pool) => buildStrip(pool, seen, held)),
    elsewhere: cellsOutside(pools, seen, held),
    repository: { sha: repository.sha, readAt: repository.readAt.toISOString() },
  };
}

/** One pool as a strip; undefined where the repository has none of this name. */
export async function getPoolStrip(
  name: string,
  repository: Repository,
  database: Database = db(),
): Promise<PoolStrip | undefined> {
  const { tree, profile } = repository;
  const pool = listPools(tree, profile).find((one) => one.name === name);
  if (!pool) return undefined;
  return buildStrip(pool, observePorts(tree, profile), await listTaken(database, profile.platform.host));
}
