/**
 * Where the identity stand-in keeps sessions, grants, codes and tokens: one JSON file, so that a restart signs nobody out.
 * Implements oidc-provider's adapter interface; what has expired is dropped when the file is written.
 */
import { join } from 'node:path';

import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { z } from 'zod';

import { createSaver, readJsonFile } from '../support/json-file';

const Entry = z.object({ payload: z.record(z.string(), z.unknown()), expiresAt: z.number().optional() });
type Entry = z.infer<typeof Entry>;
const Entries = z.record(z.string(), Entry);

/** Models that belong to a grant and end with it (oidc-provider's documentation of `revokeByGrantId`). */
const GRANTABLE = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

const now = () => Math.floor(Date.now() / 1000);
const isAlive = (entry: Entry) => entry.expiresAt === undefined || entry.expiresAt > now();

/** Opens the store in `dataDir` and returns what oidc-provider asks for as `adapter`. */
export async function openStore(dataDir: string): Promise<AdapterFactory> {
  const path = join(dataDir, 'identity-sessions.json');
  const entries = new Map(Object.entries(Entries.parse((await readJsonFile(path)) ?? {})));
  const save = createSaver(path, () => {
    for (const [key, entry] of entries) if (!isAlive(entry)) entries.delete(key);
    return Object.fromEntries(entries);
  });

  return (model): Adapter => {
    const keyOf = (id: string) => `${model}:${id}`;
    const get = (key: string): AdapterPayload | undefined => {
      const entry = entries.get(key);
      return entry !== undefined && isAlive(entry) ? { ...entry.payload } : undefined;
    };
    const findWhere = (field: 'uid' | 'userCode', value: string): AdapterPayload | undefined => {
      for (const [key, entry] of entries)
        if (key.startsWith(`${model}:`) && entry.payload[field] === value) return get(key);
      return undefined;
    };
    return {
      async upsert(id, payload, expiresIn) {
        entries.set(keyOf(id), {
          payload: { ...payload },
          ...(expiresIn !== undefined && expiresIn > 0 ? { expiresAt: now() + expiresIn } : {}),
        });
        await save();
      },
      find: (id) => Promise.resolve(get(keyOf(id))),
      findByUid: (uid) => Promise.resolve(findWhere('uid', uid)),
      findByUserCode: (code) => Promise.resolve(findWhere('userCode', code)),
      async consume(id) {
        const entry = entries.get(keyOf(id));
        if (entry === undefined) return;
        entry.payload.consumed = now();
        await save();
      },
      async destroy(id) {
        entries.delete(keyOf(id));
        await save();
      },
      async revokeByGrantId(grantId) {
        for (const [key, entry] of entries) {
          if (GRANTABLE.has(key.slice(0, key.indexOf(':'))) && entry.payload.grantId === grantId) entries.delete(key);
        }
        await save();
      },
    };
  };
}
