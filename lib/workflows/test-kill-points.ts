/**
 * For tests alone: the moments at which a worker may die, found by watching one that lives. What lasts is a call that changes another system, seen by the
 * proxies, or a transaction, seen by triggers that PostgreSQL runs at its commit. A worker can be held in any of these moments, and is killed there.
 */
import pg from 'pg';
import type { TestPlatform } from './test-platform';
import type { Proxy } from './test-proxy';

/** What a worker's connections call themselves: the triggers look at nobody else's. */
const WATCHED_WORKER = 'watched-worker';
/** What starts a worker that is watched. */
export const watched = { PGAPPNAME: WATCHED_WORKER };

/** The lock that holds back a commit. */
const GATE = 734_299;

/** A moment in the life of one request. */
export interface KillPoint {
  /** `GitHub POST /pulls`, `commit: step branch done`. */
  what: string;
  /** The how-many-eth of them, from 1. */
  nth: number;
  when: 'before' | 'after';
  /** The transaction has a lock for which others wait: while it is held nobody else gets on. */
  locks: boolean;
}

interface Lasting {
  what: string;
  at: number;
  kind: 'call' | 'commit';
  locks: boolean;
}

/**
 * Every transaction of a watched worker that writes about a watched service leaves its name: that of the first row that it wrote. What GitHub says of
 * checks, and when it was asked, is written whenever a poll comes by, and is none.
 */
const TRIGGERS = `
  CREATE SCHEMA kill_points;
  CREATE TABLE kill_points.services (name text PRIMARY KEY, held_at text);
  CREATE TABLE kill_points.commits (transaction xid8 PRIMARY KEY, service text NOT NULL, what text NOT NULL, at timestamptz NOT NULL, locks boolean NOT NULL);
  CREATE FUNCTION kill_points.at_commit() RETURNS trigger LANGUAGE plpgsql AS $function$
  DECLARE
    line jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
    earlier jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    service text;
    changed text;
    what text;
  BEGIN
    IF current_setting('application_name') <> '${WATCHED_WORKER}' THEN RETURN NULL; END IF;
    SELECT watched.name INTO service FROM kill_points.services watched JOIN change_requests request ON request.service_name = watched.name
     WHERE request.id = coalesce(line->>'request_id', line->'payload'->>'requestId', line->>'id')::bigint;
    IF service IS NULL THEN RETURN NULL; END IF;
    SELECT string_agg(key, ', ' ORDER BY key) INTO changed FROM jsonb_each(line)
     WHERE value IS DISTINCT FROM earlier->key AND key <> ALL ('{updated_at,github_checks,github_checks_at,pull_updated_at}');
    IF changed IS NULL THEN RETURN NULL; END IF;
    what := 'commit: ' || CASE TG_TABLE_NAME
      WHEN '_private_jobs' THEN 'job done, ' || (SELECT identifier FROM graphile_worker._private_tasks WHERE id = (line->>'task_id')::int)
      WHEN 'request_steps' THEN 'step ' || (line->>'name') || CASE TG_OP WHEN 'DELETE' THEN ' anew' ELSE ' ' || (line->>'status') END
      WHEN 'timeline_events' THEN 'event ' || (line->>'kind')
      WHEN 'change_requests' THEN
        CASE WHEN changed LIKE '%state%' THEN (earlier->>'state') || ' to ' || (line->>'state') ELSE 'request''s ' || changed END
      ELSE lower(TG_OP) || ' ' || TG_TABLE_NAME END;
    INSERT INTO kill_points.commits VALUES (pg_current_xact_id(), service, what, clock_timestamp(),
      EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')) ON CONFLICT DO NOTHING;
    IF FOUND AND EXISTS (SELECT FROM kill_points.services WHERE name = service AND held_at = what) THEN
      PERFORM pg_advisory_xact_lock(${GATE});
    END IF;
    RETURN NULL;
  END $function$;
  DO $block$
  DECLARE name regclass;
  BEGIN
    FOR name IN SELECT format('%I.%I', table_schema, table_name) FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
                 WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND (column_name = 'request_id' OR (table_name, column_name) = ('change_requests', 'id'))
    LOOP
      EXECUTE format('CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT OR UPDATE OR DELETE ON %s DEFERRABLE INITIALLY DEFERRED
                      FOR EACH ROW EXECUTE FUNCTION kill_points.at_commit()', name);
    END LOOP;
    CREATE CONSTRAINT TRIGGER at_commit AFTER DELETE ON graphile_worker._private_jobs DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION kill_points.at_commit();
  END $block$;
  SELECT pg_advisory_lock(${GATE});`;

export class KillPoints {
  private readonly services = new Set<string>();
  private readonly underWay = new Map<string, KillPoint | undefined>();
  private readonly caught = new Set<string>();
  private readonly calls: (Lasting & { service: string })[] = [];
  /** Whose a pull request, a page or a block of one is, by its number or id in paths. */
  private readonly owners = new Map<string, string>();
  private alone: string | undefined;
  /** Calls that could be anybody's. */
  readonly strays: string[] = [];

  private constructor(
    private readonly database: pg.Pool,
    /** Its session has the lock that holds back commits. */
    private readonly gate: pg.Client,
  ) {}

  /** Puts the triggers into the platform's database and listens at its proxies. */
  static async install(platform: TestPlatform): Promise<KillPoints> {
    const connectionString = process.env.DATABASE_URL;
    const gate = new pg.Client({ connectionString });
    await gate.connect();
    await gate.query(TRIGGERS);
    const points = new KillPoints(new pg.Pool({ connectionString, max: 2 }), gate);
    points.listen('GitHub', platform.githubProxy);
    points.listen('Notion', platform.notionProxy);
    return points;
  }

  /** Remembers what is made for this service, so that calls about it are known. */
  know(service: string): void {
    this.services.add(service);
  }

  /**
   * From now on what is done about the service is noted, and held at `point`.
   * @param alone whether all calls are about it, also those that do not say so, until it is held.
   */
  async watch(service: string, point?: KillPoint, alone = false): Promise<void> {
    this.know(service);
    this.alone = alone ? service : undefined;
    this.caught.delete(service);
    this.underWay.set(service, point);
    const heldAt = point?.what.startsWith('commit: ') ? point.what : null;
    await this.database.query(
      `INSERT INTO kill_points.services VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET held_at = excluded.held_at`,
      [service, heldAt],
    );
  }

  /** Those of the watched services whose work stands still where it was to. */
  async held(): Promise<string[]> {
    const { rows } = await this.database.query(
      `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${GATE} AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    const atCommit = [...this.underWay].filter(([, point]) => point?.what.startsWith('commit: '));
    return [...this.caught, ...(rows.length === atCommit.length ? atCommit.map(([service]) => service) : [])];
  }

  /** Nothing is watched any more. */
  async forget(): Promise<void> {
    this.underWay.clear();
    this.alone = undefined;
    this.caught.clear();
    this.calls.length = 0;
    this.strays.length = 0;
    await this.database.query('DELETE FROM kill_points.services; DELETE FROM kill_points.commits');
  }

  /** Of workers that were killed nothing stays in the database but what they committed: PostgreSQL would let a transaction go on that waits for its commit. */
  async bury(): Promise<void> {
    const ofTheDead = `FROM pg_stat_activity WHERE application_name = '${WATCHED_WORKER}' AND datname = current_database()`;
    let left: number | null;
    do ({ rowCount: left } = await this.database.query(`SELECT pg_terminate_backend(pid) ${ofTheDead}`));
    while (left);
  }

  /** What lasts of all that was done about the service since it is watched, in order. */
  async lasting(service: string): Promise<Lasting[]> {
    const { rows } = await this.database.query<{ what: string; at: string; locks: boolean }>(
      `SELECT what, extract(epoch FROM at) * 1000 AS at, locks FROM kill_points.commits WHERE service = $1`,
      [service],
    );
    const commits = rows.map((row) => ({ ...row, at: Number(row.at), kind: 'commit' as const }));
    const calls = this.calls.filter((call) => call.service === service);
    return [...calls, ...commits].sort((a, b) => a.at - b.at);
  }

  async end(): Promise<void> {
    await Promise.all([this.database.end(), this.gate.end()]);
  }

  private listen(system: string, proxy: Proxy): void {
    proxy.fault = (method, path, body) => {
      if (!changes(method, path)) return undefined;
      const what = `${system} ${method} ${generalised(path)}`;
      const service = this.ownerOf(path, body, what);
      if (service === undefined || !this.underWay.has(service)) return undefined;
      this.calls.push({ service, what, at: Date.now(), kind: 'call', locks: false });
      return this.isHeld(service, what, 'before') ? 'kept' : undefined;
    };
    proxy.holdAnswer = (method, path, body, answer) => {
      if (!changes(method, path)) {
        this.learnBlocks(path, answer);
        return false;
      }
      const what = `${system} ${method} ${generalised(path)}`;
      const service = this.ownerOf(path, body, what);
      if (service === undefined) return false;
      if (/\/(pulls|pages)$/.test(path)) this.owners.set(idOf(answer), service);
      return this.isHeld(service, what, 'after');
    };
  }

  /** Blocks are asked for by their page, and deleted by their own id. */
  private learnBlocks(path: string, answer: Buffer): void {
    const owner = this.owners.get(/\/blocks\/([\da-f-]+)\/children/.exec(path)?.[1] ?? '');
    if (owner === undefined) return;
    const { results = [] } = JSON.parse(answer.toString('utf8')) as { results?: { id: string }[] };
    for (const { id } of results) this.owners.set(id, owner);
  }

  private isHeld(service: string, what: string, when: KillPoint['when']): boolean {
    const point = this.underWay.get(service);
    if (point?.what !== what || point.when !== when) return false;
    if (this.calls.filter((call) => call.service === service && call.what === what).length !== point.nth) return false;
    this.caught.add(service);
    return true;
  }

  /** Whose call it is: the watched service's that it names, or whose page or pull request it is about. */
  private ownerOf(path: string, body: Buffer, what: string): string | undefined {
    if (this.alone !== undefined && !this.caught.has(this.alone)) return this.alone;
    const text = `${decodeURIComponent(path)} ${body.toString('utf8').replace(/\\[nrt"]/g, ' ')}`;
    const named = [...this.services].filter((name) =>
      new RegExp(`(?<=slipway/\\d+-|(?<![\\w-]))${name}(?![\\w-])`).test(text),
    );
    const running = named.filter((name) => this.underWay.has(name));
    const [id] = [...path.matchAll(/\/(\d+|[\da-f-]{32,36})(?=\/|$)/g)].flatMap(([, one]) => one ?? []);
    const owner =
      running.length === 1 ? running[0] : (this.owners.get(id ?? '') ?? (named.length === 1 ? named[0] : undefined));
    if (owner === undefined && named.length === 0) this.strays.push(what);
    return owner;
  }
}

/** By which other calls speak of what was made. */
function idOf(answer: Buffer): string {
  const { id, number } = JSON.parse(answer.toString('utf8')) as { id?: string | number; number?: number };
  return String(number ?? id);
}

/** Reading leaves nothing, so that dying at it is dying at what was before. Notion asks with POST. */
function changes(method: string, path: string): boolean {
  return method !== 'GET' && !/\/(query|search)(\?|$)/.test(path);
}

/** `/git/refs/heads/slipway/12-name` → `/git/refs/heads/NAME`. */
function generalised(path: string): string {
  return decodeURIComponent(path)
    .replace(/^.*\/repos\/[\w.-]+\/[\w.-]+/, '')
    .replace(/slipway\/[\w-]+$/, 'NAME')
    .replace(/\/(\d+|[\da-f-]{32,40})(?=\/|$)/g, '/ID');
}

/**
 * The moments to die in, so that each state that may be left behind occurs once: after each call, before each commit, and before a call that follows a
 * commit. (Before what follows a call is after that call.) Of calls that are repeated the first and the last count, of commits the first.
 */
export function killPointsOf(events: readonly Lasting[]): KillPoint[] {
  const totals = new Map<string, number>();
  for (const { what } of events) totals.set(what, (totals.get(what) ?? 0) + 1);
  const seen = new Map<string, number>();
  return events.flatMap(({ what, kind, locks }, index): KillPoint[] => {
    const nth = (seen.get(what) ?? 0) + 1;
    seen.set(what, nth);
    if (nth !== 1 && (kind === 'commit' || nth !== totals.get(what))) return [];
    const follows = events[index - 1]?.kind;
    const before = { what, nth, when: 'before' as const, locks };
    if (kind === 'commit') return follows === 'call' ? [] : [before];
    return [...(follows === 'call' ? [] : [before]), { ...before, when: 'after' as const }];
  });
}
