/** The journey that the whole product hangs on: from an idea to a service that is live, its port active. */
import { createHash } from 'node:crypto';
import type { Page, Response } from '@playwright/test';
import { Octokit } from '@octokit/rest';
import type { Preview } from '@/lib/wizard/preview';
import { expect, test } from './support/test';

const name = 'livekit-egress';

/** The last preview that the page was given. */
function watchPreviews(page: Page): () => Preview {
  let last: Preview | undefined;
  page.on('response', (response: Response) => {
    if (!response.url().endsWith('/api/v1/preview') || !response.ok()) return;
    void response.json().then(
      (preview: Preview) => (last = preview),
      () => undefined, // the page went away while it was read
    );
  });
  return () => {
    if (!last) throw new Error('no preview was given yet');
    return last;
  };
}

test('an engineer adds a service through all eight steps, an operator merges it, and it is live', async ({
  signedIn,
  stack,
}) => {
  const page = await signedIn('engineer');
  const preview = watchPreviews(page);
  await page
    .getByRole('link', { name: /new service/i })
    .first()
    .click();

  // 1. Basics
  await expect(page.getByRole('heading', { level: 1, name: 'Basics' })).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Purpose').fill('Records rooms and streams them out');
  await page.getByLabel('Category').selectOption('realtime');
  await page.getByLabel('Image').fill('livekit/egress:v1.9.0');
  await expect(
    page.getByRole('region', { name: 'The pull request' }).getByText(`container_name: gitlab-sre-${name}`),
  ).toBeVisible();
  await expect(page).toHaveURL(/draft=/);
  await page.getByRole('button', { name: /Continue to Ports/ }).click();

  // 2. Ports: the next free one of the pool, byte for byte in the diff
  await expect(page.getByRole('heading', { level: 1, name: 'Ports' })).toBeVisible();
  await page.getByRole('group', { name: 'Port http' }).getByLabel('In container').fill('7980');
  await expect(page.getByText(/7893 is the next free one in the pool/)).toBeVisible();
  await page.getByRole('button', { name: /Continue to Security/ }).click();

  // 3. Security
  await page.getByRole('checkbox', { name: 'Mutual TLS with a SPIFFE identity' }).check();
  await page.getByRole('button', { name: 'Add secret' }).click();
  const secret = page.getByRole('group', { name: 'secret 1' });
  await secret.getByLabel('Name in the store').fill('livekit-egress/api-key');
  await page.getByLabel('Variable with the name').fill('LIVEKIT_EGRESS_SECRET_NAME');
  await page.getByLabel('What it opens').fill('The API of LiveKit');
  await page.getByRole('button', { name: /Continue to Runtime/ }).click();

  // 4. Runtime
  await page.getByRole('checkbox', { name: 'Run it on Kubernetes' }).check();
  await page.getByRole('button', { name: 'Add service' }).click();
  await page.getByRole('combobox', { name: 'Starts after 1' }).fill('livekit');
  await page.getByRole('button', { name: /Continue to Routing/ }).click();

  // 5. Routing follows from the name
  await expect(page.getByText(`No router and no open request has ${name}.ravenhelm.test.`)).toBeVisible();
  await page.getByRole('button', { name: /Continue to Operations/ }).click();

  // 6. Operations
  await page.getByRole('checkbox', { name: 'Prometheus reads its metrics' }).check();
  await page.getByRole('button', { name: /Continue to Docs/ }).click();

  // 7. Docs
  await expect(page.getByText(/It becomes RUNBOOK-\d{3}/)).toBeVisible();
  await page.getByRole('button', { name: /Continue to Review/ }).click();

  // 8. Review and submit, with two clicks that are one submission
  const submit = page.getByRole('button', { name: 'Open the pull request' });
  await expect(submit).toBeEnabled();
  const seen = preview();
  expect(seen.files.every((file) => file.removed === 0)).toBe(true);
  expect(seen.commits.map(({ key }) => key)).toEqual(['ports', 'runtime', 'routing', 'observability', 'docs']);
  await submit.dblclick();
  await page.waitForURL(/\/requests\/\d+$/);
  const number = Number(page.url().split('/').at(-1));

  // The timeline finishes without a reload
  const timeline = page.getByRole('list', { name: 'What happened to this request' });
  await expect(timeline.getByText(/Pull request \d+ opened/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('In review').first()).toBeVisible();
  const link = page.getByRole('link', { name: /Pull request \d+/ }).first();
  const pullUrl = await link.getAttribute('href');
  expect(pullUrl).toContain('/pull/');

  // The pull request's files are the preview's, byte for byte
  const octokit = new Octokit({ baseUrl: stack.env.GITHUB_API_URL, auth: stack.env.GITHUB_TOKEN });
  const repository = { owner: 'ravenhelm', repo: 'platform' };
  const pull_number = Number(pullUrl?.split('/').at(-1));
  const files = await octokit.paginate(octokit.pulls.listFiles, { ...repository, pull_number });
  expect(files.map(({ filename }) => filename).sort()).toEqual(seen.files.map(({ path }) => path).sort());
  for (const file of files) {
    expect(file.deletions, file.filename).toBe(0);
    const blob = await octokit.git.getBlob({ ...repository, file_sha: file.sha ?? '' });
    const bytes = Buffer.from(blob.data.content, 'base64');
    const shown = seen.files.find(({ path }) => path === file.filename);
    expect(createHash('sha256').update(bytes).digest('hex'), file.filename).toBe(shown?.sha256);
  }
  const commits = await octokit.pulls.listCommits({ ...repository, pull_number });
  expect(commits.data.map(({ commit }) => commit.message.split('\n')[0])).toEqual(
    seen.commits.map(({ subject }) => subject),
  );

  // An operator finds it in the review list and merges it on GitHub
  const operator = await signedIn('operator');
  await operator.goto('/requests?view=review');
  await expect(operator.getByRole('link', { name: new RegExp(name) }).first()).toBeVisible();
  await operator.goto(pullUrl ?? '');
  await operator.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(operator.getByText('Merged', { exact: false }).first()).toBeVisible();

  // The engineer's page follows by itself
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible({ timeout: 90_000 });
  await page.goto(`/services/${name}`);
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(name, 'i') })).toBeVisible();
  // Its ports with their names, which main's files do not give
  await expect(page.getByRole('row', { name: /^7893 .*http/ })).toBeVisible();
  await expect(
    page
      .getByRole('link', { name: new RegExp(`${name}.ravenhelm.test`) })
      .or(page.getByText(`${name}.ravenhelm.test`))
      .first(),
  ).toBeVisible();
  await page.goto('/ports');
  await expect(page.getByRole('row', { name: new RegExp(`^7893 Active ${name}`) })).toBeVisible();
  expect(number).toBeGreaterThan(0);
});
