/**
 * For tests alone: a whole platform around one test file. A real database, the stand-ins of GitHub (with the sample repository) and Notion, the
 * portal's webhook door behind a real HTTP server, and workers that are real processes and can be killed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { POST } from '@/app/api/webhooks/github/route';
import { BACKLOG_DATABASE_ID, RUNBOOKS_DATABASE_ID } from '@/local/notion/ids';
import type { TestDatabase } from '@/local/database/test-database';
import { startGitHub, type RunningGitHub } from '@/local/github/server';
import { startNotion, type RunningNotion } from '@/local/notion/server';
import type { Actor } from '@/lib/auth/permissions';
import { db } from '@/lib/db';
import { createActor, prepareTestDatabase } from '@/lib/requests/test-requests';
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import { planService, readHeld, type PlannedService } from './plan-service';
import { currentRepository } from './read-repository';
import { submitService } from './submit-service';
import { bodyOf, close, listen, startProxy, type Proxy } from './test-proxy';

const PORTAL_TOKEN = 'a-token-of-the-portal-for-tests';
const READER_TOKEN = 'a-token-that-may-only-read';
const OPERATOR_TOKEN = 'a-token-of-the-operator-for-tests';
const NOTION_TOKEN = 'a-notion-token-for-tests';
const WEBHOOK_SECRET = 'a-webhook-secret-for-tests';
export const tokens = { portal: PORTAL_TOKEN, reader: READER_TOKEN, operator: OPERATOR_TOKEN };

export interface TestPlatform {
  github: RunningGitHub;
  notion: RunningNotion;
  /** Between this process and GitHub; workers that are not told otherwise go through it as well. */
  githubProxy: Proxy;
  /** The same before Notion. */
  notionProxy: Proxy;
  dana: Actor;
  /** What the worker is told, and this process too. */
  environment: Record<string, string>;
  /** Asks the stand-in as the operator, or as whom the token belongs to. */
  api<Answer>(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
  /** Asks one of Notion's doors under /_slipway, or its API. */
  notionApi<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  startWorker(more?: Record<string, string>): TestWorker;
  /** Ends every worker that still runs, at once. */
  killWorkers(): Promise<void>;
  end(): Promise<void>;
}

/** Starts everything but a worker. @param options.webhooks false where the poll alone has to do. */
export async function startTestPlatform(
  options: {
    webhooks?: boolean;
    seedDir?: string;
    environment?: Record<string, string>;
    /** A database of its own; a clone on the server that all tests share where absent. */
    database?: TestDatabase;
  } = {},
): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-test-platform-'));
  const door = await startWebhookDoor();
  const github = await startGitHub({
    port: 0,
    dataDir: join(folder, 'github'),
    seedDir: options.seedDir ?? 'local/platform',
    repository: 'ravenhelm/platform',
    webhook: undefined,
    tokens: [
      { login: 'slipway-bot', name: 'Slipway', permission: 'push', token: PORTAL_TOKEN },
      { login: 'operator', name: 'Owen Operator', permission: 'admin', token: OPERATOR_TOKEN },
      { login: 'reader', name: 'Rita Reader', permission: 'read', token: READER_TOKEN },
    ],
  });
  const notion = await startNotion({ port: 0, dataDir: join(folder, 'notion'), token: NOTION_TOKEN });
  const [githubProxy, notionProxy] = await Promise.all([startProxy(github.url), startProxy(notion.url)]);
  const environment: Record<string, string> = {
    GITHUB_API_URL: github.apiUrl.replace(github.url, githubProxy.url),
    GITHUB_TOKEN: PORTAL_TOKEN,
    GITHUB_REPOSITORY: 'ravenhelm/platform',
    GITHUB_WEBHOOK_SECRET: WEBHOOK_SECRET,
    NOTION_API_URL: notionProxy.url,
    NOTION_TOKEN,
    NOTION_BACKLOG_DATABASE_ID: BACKLOG_DATABASE_ID,
    NOTION_RUNBOOKS_DATABASE_ID: RUNBOOKS_DATABASE_ID,
    ...options.environment,
  };
  const database = await prepareTestDatabase(environment, options.database);
  const workers: TestWorker[] = [];
  const call = async <Answer>(url: string, method: string, headers: Record<string, string>, body: unknown) => {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
  const platform: TestPlatform = {
    github,
    notion,
    githubProxy,
    notionProxy,
    environment,
    dana: await createActor('Dana'),
    api: (method, path, body, token = OPERATOR_TOKEN) =>
      call(
        path.startsWith('/_slipway') ? `${github.url}${path}` : `${github.apiUrl}/repos/ravenhelm/platform${path}`,
        method,
        { authorization: `Bearer ${token}` },
        body,
      ),
    notionApi: (method, path, body) =>
      call(
        `${notion.url}${path}`,
        method,
        { authorization: `Bearer ${NOTION_TOKEN}`, 'notion-version': '2025-09-03' },
        body,
      ),
    startWorker: (more = {}) => {
      const worker = startWorker({ ...environment, ...more });
      workers.push(worker);
      return worker;
    },
    killWorkers: async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.kill()));
    },
    end: async () => {
      github.faults.clear();
      await platform.killWorkers();
      await Promise.all([githubProxy.close(), notionProxy.close()]);
      await github.close();
      await notion.close();
      await door.close();
      await database.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
  // Only now can the portal answer GitHub's first ping.
  if (options.webhooks !== false) {
    await platform.api('PUT', '/_slipway/webhook', { url: door.url, secret: WEBHOOK_SECRET });
  }
  return platform;
}

export interface TestWorker {
  /** Resolves when it has said that it takes jobs. */
  ready: Promise<void>;
  /** SIGKILL: nothing is finished, nothing is said. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM. Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Everything that it has said. */
  output(): string;
}

function startWorker(environment: Record<string, string>): TestWorker {
  const child: ChildProcess = spawn(process.execPath, [inject('workerProgram')], {
    env: { ...process.env, ...environment, DATABASE_URL: process.env.DATABASE_URL, LOG_LEVEL: 'debug' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('"msg":"ready"')) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void gone.then(() => reject(new Error(`the worker ended: ${output.slice(-2000)}`)));
  });
  ready.catch(() => undefined); // whoever waits for it hears of it
  return {
    ready,
    output: () => output,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    stop: () => {
      child.kill('SIGTERM');
      return gone;
    },
  };
}

/** The portal's own route behind a real server, as GitHub reaches it. */
async function startWebhookDoor(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const request = new Request(`http://portal.test${incoming.url ?? '/'}`, {
        method: 'POST',
        headers: Object.entries(incoming.headers).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value] as [string, string]] : [],
        ),
        body: Uint8Array.from(await bodyOf(incoming)),
      });
      const answer = await POST(request);
      outgoing.writeHead(answer.status).end(await answer.text());
    })();
  });
  const url = await listen(server);
  return { url: `${url}/api/webhooks/github`, close: () => close(server) };
}

/** A spec that the sample platform takes; the shortest one, with what a test wants to be different. */
export function specOf(name: string, fields: Partial<ManifestInput> = {}): Manifest {
  return Manifest.parse({
    name,
    purpose: `The ${name} of a test.`,
    category: 'realtime',
    owner: 'realtime',
    ports: [{ name: 'http', internal: 7980, why: 'HTTP API' }],
    runtime: { source: { kind: 'image', image: 'livekit/egress:v1.9.0' }, compose: {} },
    routing: { host: `${name}.ravenhelm.test` },
    ...fields,
  });
}

/** What the person would see now. */
export async function previewOf(manifest: Manifest): Promise<PlannedService> {
  const repository = await currentRepository({ maxAgeMs: 0 });
  return planService(repository, manifest, await readHeld(db(), repository, manifest.name), new Date());
}

/** Looks at the preview and submits. @returns the request's id. */
export async function submitOne(
  actor: Actor,
  manifest: Manifest,
  idempotencyKey = `key of ${manifest.name}`,
): Promise<number> {
  const { plan } = await previewOf(manifest);
  const result = await submitService({ manifest, digest: plan.digest, idempotencyKey, actor });
  if (result.kind !== 'submitted') throw new Error(`not submitted: ${result.kind}`);
  return result.requestId;
}
