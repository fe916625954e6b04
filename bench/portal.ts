/**
 * What a person waits for, on a local stack of two portals and a worker: a preview while typing, submit to open pull request, webhook to page, and the
 * catalog's JavaScript. The aims are for a machine that does nothing else; the table says how busy it was. Part of `npm run bench`.
 */
import { gzipSync } from 'node:zlib';
import type { Response } from '@playwright/test';
import { CATEGORY, startBenchStack, untilCategoryIsKnown, type BenchStack } from './bench-stack';
import { openStream } from './event-stream';
import { draftOf, preview, submit, type Portal } from './portal-client';
import { Report } from './report';
import { untilQuiet } from './truth';
import { measureWebhooks } from './webhooks';

const PREVIEWS = 200;
const PREVIEW_MS = 300;
const SUBMISSIONS = 30;
/** So many people submit at the same time, each again when the pull request of the one before is open. */
const PEOPLE = 2;
const SUBMISSION_MS = 5000;
const WEBHOOKS = { talk: 20, merge: 5 };
const CATALOG_KB = 180;
const PATIENCE_MS = 120_000;

const bench = await startBenchStack({ portals: 2, workers: 1 });
try {
  await untilCategoryIsKnown(bench);
  await untilQuiet(bench.database);
  const report = new Report('What a person waits for, two portals and a worker');
  const [portal] = bench.portals;
  report.times('preview', await previews(portal), PREVIEW_MS);
  report.times(`submit to open pull request, ${PEOPLE} people`, await submissions(portal), SUBMISSION_MS);
  await measureWebhooks(bench, report, WEBHOOKS);
  await measureCatalog(bench, report);
  report.print();
} finally {
  await bench.stop();
}

/** Each with another name, as while typing: nothing can be answered from a cache of answers. */
async function previews(portal: Portal): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < PREVIEWS; count += 1) {
    const started = performance.now();
    await preview(portal, draftOf(`bench-${count}`, CATEGORY));
    times.push(performance.now() - started);
  }
  return times;
}

async function submissions(portal: Portal): Promise<number[]> {
  const times: number[] = [];
  let begun = 0;
  const person = async () => {
    while (begun < SUBMISSIONS) {
      begun += 1;
      const seen = await preview(portal, draftOf(`bench-submit-${begun}`, CATEGORY));
      const started = performance.now();
      times.push((await whenInReview(portal, await submit(portal, seen))) - started);
    }
  };
  await Promise.all(Array.from({ length: PEOPLE }, person));
  return times;
}

/** When the request's page heard that the pull request is open. */
async function whenInReview(portal: Portal, id: number): Promise<number> {
  const page = await openStream(portal, `/api/v1/requests/${id}/events`);
  const isOpen = (data: unknown) => (data as { state?: string }).state === 'in_review';
  const { at } = await page.next(({ event, data }) => event === 'change' && isOpen(data), {
    from: 0,
    timeoutMs: PATIENCE_MS,
  });
  page.close();
  return at;
}

/** Scripts that the catalog loads before anyone touches it, gzipped, for somebody who comes with an empty cache. */
async function measureCatalog({ openPage, stack }: BenchStack, report: Report): Promise<void> {
  const signedIn = await openPage('engineer');
  const storageState = await signedIn.context().storageState();
  const context = await signedIn.context().browser()?.newContext({ storageState, baseURL: stack.urls.portal });
  const page = (await context?.newPage()) ?? signedIn;
  const sizes: Promise<number>[] = [];
  const note = (response: Response) => {
    if (response.request().resourceType() === 'script')
      sizes.push(response.body().then((body) => gzipSync(body).length));
  };
  page.on('response', note);
  await page.goto('/services', { waitUntil: 'networkidle', timeout: PATIENCE_MS });
  page.off('response', note);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  const measured = `${(bytes / 1000).toFixed(1)} kB, gzipped, in ${sizes.length} files`;
  report.judge(
    'JavaScript of the catalog',
    measured,
    `at most ${CATALOG_KB} kB`,
    sizes.length > 0 && bytes <= CATALOG_KB * 1000,
  );
}
