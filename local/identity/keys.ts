/**
 * The identity stand-in's own secrets: the key that signs tokens and the keys that sign cookies. Made at the first start and kept
 * in the data folder, so that a restart ends no session.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { z } from 'zod';

import { readJsonFile, writeJsonFile } from '../support/json-file';

const RsaKey = z
  .object({
    kty: z.literal('RSA'),
    kid: z.string(),
    use: z.literal('sig'),
    alg: z.literal('RS256'),
    n: z.string(),
    e: z.string(),
    d: z.string(),
  })
  .loose();

const IdentityKeys = z.object({ signing: RsaKey, cookies: z.array(z.string().min(32)).min(1) });
export type IdentityKeys = z.infer<typeof IdentityKeys>;

/** Reads the keys from `dataDir`, or makes them there (mode 0600). */
export async function loadKeys(dataDir: string): Promise<IdentityKeys> {
  const path = join(dataDir, 'identity-keys.json');
  const stored = await readJsonFile(path);
  if (stored !== undefined) return IdentityKeys.parse(stored);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = IdentityKeys.parse({
    signing: { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), use: 'sig', alg: 'RS256' },
    cookies: [randomBytes(32).toString('base64url')],
  });
  await writeJsonFile(path, keys);
  return keys;
}
