// What a person waits for, measured on a local stack of its own: a preview while typing, submit to open pull request, and the catalog's JavaScript.
// Figures, not tests: they depend on the machine. Part of `npm run bench`.
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from '@playwright/test';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { emptyDraft, emptyPort } from '@/lib/wizard/draft-form';
import type { Preview } from '@/lib/wizard/preview';
import { startStack, type Stack } from '@/local/stack';
import { PORT_NAMES } from '@/local/stack-ports';
import { findSystemChromium } from '@/scripts/chromium.mjs';

const PREVIEWS = 200;
const SUBMISSIONS = 12;

const stack = await startStack({
  dataDir: mkdtempSync(join(tmpdir(), 'slipway-bench-')),
  ports: Object.fromEntries(PORT_NAMES.map((name) => [name, 0])),
  temporary: true,
});
try {
  const browser = await chromium.launch({
    executablePath: findSystemChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const page = await browser.newPage({ baseURL: stack.urls.portal });
  await signIn(page, stack);
  console.log(`preview: ${await measurePreviews(page)}`);
  console.log(`submit to open pull request: ${await measureSubmissions(page)}`);
  console.log(`catalog: ${await measureCatalog(page)}`);
  await browser.close();
} finally {
  await stack.stop();
}

async function signIn(page: Page, { accounts }: Stack): Promise<void> {
  const engineer = accounts.find(({ user }) => user === 'engineer');
  await page.goto('/sign-in?next=%2Fservices');
  await page.getByRole('button', { name: /local accounts/i }).click();
  await page.getByLabel('User').fill(engineer?.user ?? '');
  await page.getByLabel('Password').fill(engineer?.password ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/services');
}

function draft(name: string): DraftForm {
  const form = emptyDraft();
  Object.assign(form, { name, purpose: 'Measures how long it takes', category: 'realtime' });
  form.runtime.source.image = 'nginx:1.29.3';
  form.ports = [{ ...emptyPort(), name: 'http', internal: '8080', why: 'HTTP API' }];
  return form;
}

async function post<Answer>(
  page: Page,
  path: string,
  data: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await page.request.post(path, { data, headers: { origin: stack.urls.portal, ...headers } });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** Each with another name, as while typing: nothing can be answered from a cache of answers. */
async function measurePreviews(page: Page): Promise<string> {
  const times: number[] = [];
  for (let count = 0; count < PREVIEWS; count += 1) {
    const started = performance.now();
    await post<Preview>(page, '/api/v1/preview', { content: draft(`bench-${count}`) });
    times.push(performance.now() - started);
  }
  return figures(times, 'ms');
}

async function measureSubmissions(page: Page): Promise<string> {
  const times: number[] = [];
  for (let count = 0; count < SUBMISSIONS; count += 1) {
    const content = draft(`bench-submit-${count}`);
    const { manifest, digest } = await post<Preview>(page, '/api/v1/preview', { content });
    const started = performance.now();
    const { requestId } = await post<{ requestId: number }>(
      page,
      '/api/v1/requests',
      { manifest, digest },
      { 'idempotency-key': randomUUID() },
    );
    await untilInReview(page, requestId);
    times.push(performance.now() - started);
  }
  return figures(times, 'ms');
}

async function untilInReview(page: Page, id: number): Promise<void> {
  for (;;) {
    const answer = await page.request.get('/api/v1/requests?state=in_review&limit=100');
    const { requests } = (await answer.json()) as { requests: { id: number }[] };
    if (requests.some((request) => request.id === id)) return;
    await sleep(25);
  }
}

/** Scripts that the catalog loads before anyone touches it, gzipped. */
async function measureCatalog(page: Page): Promise<string> {
  const sizes: number[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    void response.body().then(
      (body) => sizes.push(gzipSync(body).length),
      () => undefined, // the page went on before it was read
    );
  });
  await page.goto('/services', { waitUntil: 'networkidle' }).catch(() => page.goto('/services'));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return `${(total / 1000).toFixed(1)} kB of JavaScript, gzipped, in ${sizes.length} files`;
}

function figures(times: readonly number[], unit: string): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0);
  return `median ${at(0.5)} ${unit}, p95 ${at(0.95)} ${unit}, ${times.length} measured`;
}
