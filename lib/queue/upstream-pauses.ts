/**
 * Until when another system asked not to be asked. One process hears it, all of them keep to it: asking on while one is limited makes it longer.
 */
import { db } from '@/lib/db';
import { announce } from '@/lib/events';

/** `all`: nothing may be asked. `writes`: what creates nothing may be asked. */
export type PauseScope = 'all' | 'writes';

export interface Pause {
  scope: PauseScope;
  until: Date;
  /** What the system said, for people. */
  reason: string;
}

/** How long a process may go on with what it read of the pauses. */
const REMEMBERED_MS = 1_000;

const remembered = new Map<string, { at: number; pauses: Pause[] }>();

/** Notes a pause. The longer one counts where there is one already. */
export async function notePause(system: string, pause: Pause): Promise<void> {
  await db().$transaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO upstream_pauses (system, scope, until, reason) VALUES (${system}, ${pause.scope}, ${pause.until}, ${pause.reason})
      ON CONFLICT (system, scope) DO UPDATE SET until = excluded.until, reason = excluded.reason, noted_at = now()
        WHERE upstream_pauses.until < excluded.until`;
    await announce(tx, 'queue');
  });
  forgetPauses(system);
}

/** The pause that forbids it to ask now, the longest; undefined where asking is allowed. */
export async function pauseFor(system: string, writes: boolean): Promise<Pause | undefined> {
  const now = new Date();
  const standing = (await read(system)).filter(({ scope, until }) => until > now && (writes || scope === 'all'));
  return standing.sort((a, b) => b.until.getTime() - a.until.getTime())[0];
}

/** Lets this process read the pauses anew: they were lifted. */
export function forgetPauses(system: string): void {
  remembered.delete(system);
}

async function read(system: string): Promise<Pause[]> {
  const known = remembered.get(system);
  if (known && Date.now() - known.at < REMEMBERED_MS) return known.pauses;
  const rows = await db().upstreamPause.findMany({ where: { system, until: { gt: new Date() } } });
  const pauses = rows.map(({ scope, until, reason }) => ({ scope: scope as PauseScope, until, reason }));
  remembered.set(system, { at: Date.now(), pauses });
  return pauses;
}
