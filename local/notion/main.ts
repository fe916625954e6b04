/**
 * Runs the Notion stand-in on its own. Environment:
 *   LOCAL_NOTION_PORT (0 picks one), LOCAL_NOTION_HOST (127.0.0.1), LOCAL_NOTION_PUBLIC_URL (http://host:port),
 *   LOCAL_NOTION_DATA_DIR, LOCAL_NOTION_TOKEN.
 * Prints one JSON line {"ready":true,"url":…} when it answers; SIGTERM and SIGINT stop it.
 */
import { z } from 'zod';

import { startNotion } from './server';

const Environment = z.object({
  LOCAL_NOTION_PORT: z.coerce.number().int().min(0).max(65535).default(0),
  LOCAL_NOTION_HOST: z.string().min(1).default('127.0.0.1'),
  LOCAL_NOTION_PUBLIC_URL: z.url().optional(),
  LOCAL_NOTION_DATA_DIR: z.string().min(1),
  LOCAL_NOTION_TOKEN: z.string().min(1),
});

const parsed = Environment.safeParse(process.env);
if (!parsed.success) {
  console.error(`The Notion stand-in cannot start:\n${z.prettifyError(parsed.error)}`);
  process.exit(2);
}
const environment = parsed.data;
const running = await startNotion({
  port: environment.LOCAL_NOTION_PORT,
  host: environment.LOCAL_NOTION_HOST,
  publicUrl: environment.LOCAL_NOTION_PUBLIC_URL,
  dataDir: environment.LOCAL_NOTION_DATA_DIR,
  token: environment.LOCAL_NOTION_TOKEN,
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void running.close().then(() => process.exit(0)));
}
console.log(JSON.stringify({ ready: true, url: running.url }));
