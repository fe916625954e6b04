/** How much another system still answers before its limit, as its last answers said: for operators. */
import { db } from '@/lib/db';
import { announce } from '@/lib/events';
import { log } from '@/lib/log';

export interface Budget {
  /** GitHub's name for what is counted: `core`. */
  resource: string;
  remaining: number;
  limit: number;
  resetAt: Date;
}

/** Every answer says it; it is written this often at the most. */
const WRITE_EVERY_MS = 5_000;

const written = new Map<string, number>();

/** Remembers a budget. Never fails: nothing depends on it. */
export async function noteBudget(system: string, budget: Budget): Promise<void> {
  const key = `${system} ${budget.resource}`;
  const now = Date.now();
  if (now - (written.get(key) ?? 0) < WRITE_EVERY_MS) return;
  written.set(key, now);
  const { resource, remaining, limit, resetAt } = budget;
  const values = { remaining, limit, resetAt, seenAt: new Date(now) };
  try {
    await db().upstreamBudget.upsert({
      where: { system_resource: { system, resource } },
      create: { system, resource, ...values },
      update: values,
    });
    await announce(db(), 'queue');
  } catch (error) {
    log('queue').debug({ err: error }, 'a budget could not be noted');
  }
}
