/** The wizard filled in as far as it goes: a service with every part that the sample platform has a place for, field by field as a person would. */
import type { Locator, Page } from '@playwright/test';

type Words = Record<string, string>;

async function fill(within: Page | Locator, words: Words): Promise<void> {
  for (const [label, value] of Object.entries(words))
    await within
      .getByLabel(label, { exact: true })
      .or(within.getByLabel(`${label} optional`, { exact: true }))
      .fill(value);
}

/** Adds a row to a list and fills it in; rows are known by what they are called before anything is typed. */
async function addRow(page: Page, list: string, button: string, words: Words): Promise<Locator> {
  const rows = page.getByRole('group', { name: list, exact: true });
  await rows.getByRole('button', { name: button }).click();
  const row = rows.getByRole('group').last();
  await fill(row, words);
  return row;
}

async function goOn(page: Page, step: string): Promise<void> {
  // By the list of steps: a queue that only Operations describes would hold the other button up once.
  await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: step }).click();
  await page.getByRole('heading', { level: 1, name: step }).waitFor();
}

/** What is done on each step, in order; the page is on that step. The review comes after the last. */
export const everyField: readonly {
  step: string;
  next: string;
  fillIn: (page: Page, name: string) => Promise<void>;
}[] = [
  { step: 'Basics', next: 'Ports', fillIn: basics },
  { step: 'Ports', next: 'Security', fillIn: ports },
  { step: 'Security', next: 'Runtime', fillIn: security },
  { step: 'Runtime', next: 'Routing', fillIn: runtime },
  { step: 'Routing', next: 'Operations', fillIn: routing },
  { step: 'Operations', next: 'Docs', fillIn: operations },
  { step: 'Docs', next: 'Review', fillIn: docs },
];

/** Fills in everything from the first step to the review. @param seen called on each step once it is filled in */
export async function fillInEverything(
  page: Page,
  name: string,
  seen: (step: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await page.goto('/services/new/basics');
  for (const { step, next, fillIn } of everyField) {
    await fillIn(page, name);
    await seen(step);
    await goOn(page, next);
  }
}

async function basics(page: Page, name: string): Promise<void> {
  await fill(page, { Name: name, Purpose: 'Records rooms and streams them out' });
  await page.getByLabel('Category').selectOption('realtime');
  await page.getByRole('button', { name: 'Code in this repository' }).click();
  await fill(page, { Folder: `services/${name}`, 'Display name': 'Room recorder' });
  await page.getByRole('button', { name: 'Add maintainer' }).click();
  await fill(page, { 'Maintainers 1': 'ada' });
}

async function ports(page: Page): Promise<void> {
  await fill(page.getByRole('group', { name: 'Port http' }), { 'In container': '7980' });
  await page.getByRole('button', { name: 'Add port' }).click();
  const second = page.getByRole('group', { name: 'Port 2' });
  await second.getByLabel('Protocol').selectOption('udp');
  await fill(second, { 'In container': '7994-7996', 'On host': '7994-7996', Why: 'RTC media' });
  await second.getByLabel('Name').fill('rtc');
}

async function security(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name: /Signs people in itself/ }).check();
  await page.getByRole('checkbox', { name: 'Wire its OAuth client' }).check();
  await fill(page, { 'Client id': '298347523@platform' });
  await page.getByRole('checkbox', { name: 'Mutual TLS with a SPIFFE identity' }).check();
  await fill(page, { 'Short name of the workload': 'recorder' });
  await addRow(page, 'Secrets', 'Add secret', {
    'Name in the store': `${name}/api-key`,
    'Variable with the name': 'RECORDER_API_KEY_NAME',
    'What it opens': 'The API of LiveKit',
  });
  const generated = await addRow(page, 'Secrets', 'Add secret', {
    'Name in the store': `${name}/signing`,
    'Variable with the name': 'RECORDER_SIGNING_NAME',
    'What it opens': 'Links to recordings',
  });
  await generated.getByLabel('Who sets it').selectOption('generated');
  await generated.getByLabel('Kept in').selectOption('parameter');
}

async function runtime(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add profile' }).click();
  await page.getByRole('textbox', { name: 'Compose profiles 1' }).fill('media');
  await page.getByRole('button', { name: 'Add service' }).click();
  await page.getByRole('combobox', { name: 'Starts after 1' }).fill('livekit');
  await page.getByRole('checkbox', { name: 'Run it on Kubernetes' }).check();
  await page.getByLabel('Scaling').selectOption('queue');
  await fill(page, {
    'At most': '6',
    Queue: 'recorder-jobs',
    'Stay up while nodes are emptied': '50%',
    'IAM role, prod': 'arn:aws:iam::123456789012:role/room-recorder',
  });
  await page.getByRole('checkbox', { name: 'Keep the environment in a ConfigMap' }).check();
  await page.getByRole('checkbox', { name: 'Deny traffic by default' }).check();
  await addRow(page, 'It may reach', 'Add peer', { Who: 'postgres', Service: 'postgres', Ports: '5432' });
  await addRow(page, 'It may be reached by', 'Add peer', { Who: 'the office', 'Or addresses': '10.20.0.0/16' });
  await addRow(page, 'Environment', 'Add variable', { Name: 'LOG_LEVEL', Value: 'info' });
  await addRow(page, 'Volumes', 'Add volume', { 'Volume name': 'recordings', 'Path in the container': '/recordings' });
}

async function routing(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add alias' }).click();
  await fill(page, { 'Aliases 1': 'recordings.ravenhelm.test' });
  await page.getByRole('checkbox', { name: 'It streams (server-sent events)' }).check();
  await page.getByRole('checkbox', { name: 'Reach it under ravenhelm.dev as well' }).uncheck();
}

async function operations(page: Page, name: string): Promise<void> {
  for (const label of [
    'Prometheus reads its metrics',
    'Ask its host from outside',
    'Make a Grafana dashboard',
    'Deliver it from this repository',
  ])
    await page.getByRole('checkbox', { name: label }).check();
  await addRow(page, 'Alerts', 'Add alert', {
    Name: 'RoomRecorderDown',
    'Expression (PromQL)': `up{job="${name}"} == 0`,
    'What it means': 'No instance answers Prometheus',
  });
  await addRow(page, 'Queues that it reads', 'Add queue', {
    Name: 'recorder-jobs',
    'Variable with its URL': 'RECORDER_QUEUE_URL',
    'From topics': 'room-events',
  });
  await addRow(page, 'Topics that it publishes to', 'Add topic', {
    Topic: 'recording-events',
    'Variable with its ARN': 'RECORDING_EVENTS_TOPIC_ARN',
  });
  await page.getByLabel('Toolchain').selectOption('node');
}

async function docs(page: Page): Promise<void> {
  await addRow(page, 'Dashboards', 'Add dashboard', {
    Title: 'Rooms',
    Address: 'https://grafana.ravenhelm.test/d/rooms',
  });
}
