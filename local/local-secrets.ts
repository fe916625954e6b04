// The local stack's own secrets: made at random once, kept in the data folder with mode 0600, the same at every start.
// Each begins with the mark by which a production portal recognises and refuses them.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { LOCAL_SECRET_MARK } from '@/lib/env';
import type { DataFolder } from './data-folder';

const secret = z
  .string()
  .startsWith(LOCAL_SECRET_MARK)
  .min(LOCAL_SECRET_MARK.length + 24);

export const LocalSecrets = z.object({
  databasePassword: secret,
  sessionSecret: secret,
  linkSecret: secret,
  oidcClientSecret: secret,
  githubToken: secret,
  githubWebhookSecret: secret,
  notionToken: secret,
});
export type LocalSecrets = z.infer<typeof LocalSecrets>;

/** Reads the secrets, or makes those that are not there yet; those that are there stay. */
export function loadLocalSecrets(folder: DataFolder): LocalSecrets {
  const kept = LocalSecrets.partial().safeParse(folder.readJson('secrets.json'));
  const secrets = Object.fromEntries(
    Object.keys(LocalSecrets.shape).map((name) => [
      name,
      (kept.success ? kept.data[name as keyof LocalSecrets] : undefined) ??
        `${LOCAL_SECRET_MARK}${randomBytes(24).toString('base64url')}`,
    ]),
  );
  const complete = LocalSecrets.parse(secrets);
  if (JSON.stringify(kept.data) !== JSON.stringify(complete)) folder.writeJson('secrets.json', complete);
  return complete;
}
