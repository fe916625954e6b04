/**
 * Who of the workers lives. Each process's pool holds a session lock in the database for as long as the process has its connection; PostgreSQL drops
 * it when the process dies, however it dies. Jobs of pools without a lock are put back at once instead of after graphile-worker's four hours.
 */
import pg from 'pg';
import { log } from '@/lib/log';

/** First half of the lock's key: ours among all advisory locks. */
const LOCK_CLASS = 734_202;
/** A pool that has just begun may not have its lock yet. */
const GRACE = '1 second';

export class WorkerLeases {
  private readonly own = new Set<string>();
  private constructor(private readonly client: pg.Client) {}

  /**
   * @param onLost called once if the connection, and with it every lock, is lost.
   * @throws where the database does not answer.
   */
  static async open(databaseUrl: string, onLost: (error: Error) => void): Promise<WorkerLeases> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'slipway-worker-lease',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
    });
    client.on('error', onLost);
    await client.connect();
    // A machine that vanishes says no goodbye: its lock is to go within half a minute.
    await client.query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3');
    return new WorkerLeases(client);
  }

  /** Says that this pool lives: its id is what graphile-worker writes to the jobs that it works on. */
  async hold(poolId: string): Promise<void> {
    this.own.add(poolId);
    await this.client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK_CLASS, poolId]);
  }

  /** Puts back the jobs of pools that are dead, and ends those that queued their own successor before. @returns the pools' ids. */
  async reap(): Promise<string[]> {
    const { rows } = await this.client.query<{ locked_by: string }>(
      `SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE locked_at < now() - interval '${GRACE}'`,
    );
    const dead: string[] = [];
    for (const { locked_by: id } of rows) {
      if (this.own.has(id)) continue;
      const { rows: tried } = await this.client.query<{ free: boolean }>(
        'SELECT pg_try_advisory_lock($1, hashtext($2)) AS free',
        [LOCK_CLASS, id],
      );
      if (!tried[0]?.free) continue;
      await this.takeBack(id);
      await this.client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [LOCK_CLASS, id]);
      dead.push(id);
    }
    if (dead.length > 0) log('worker').warn({ pools: dead }, 'took back the jobs of workers that are gone');
    return dead;
  }

  /**
   * A job whose key is queued again while it runs loses the key and its further tries to the new one (add_job): put back it would count as failed for ever.
   * Every job is queued with a key (enqueue.ts, the crontab). One statement, since nobody would find it any more once it is put back.
   */
  private async takeBack(poolId: string): Promise<void> {
    await this.client.query(
      `WITH succeeded AS MATERIALIZED (
         SELECT coalesce(array_agg(id), '{}') AS ids FROM graphile_worker.jobs
          WHERE locked_by = $1 AND key IS NULL AND attempts >= max_attempts
       ), put_back AS MATERIALIZED (
         SELECT graphile_worker.force_unlock_workers(ARRAY[$1]), ids FROM succeeded
       )
       SELECT graphile_worker.complete_jobs(ids) FROM put_back`,
      [poolId],
    );
  }

  async close(): Promise<void> {
    this.client.removeAllListeners('error');
    this.client.on('error', () => undefined); // leaving: the socket's last words are of no use
    await this.client.end();
  }
}
