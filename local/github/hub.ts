/**
 * The one repository: its Git objects, its state, its accounts and its clock. Whatever writes does so inside `exclusive`, one at
 * a time; when it resolves, the state is on disk and the events that it caused are on their way.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { createSaver, readJsonFile } from '../support/json-file';
import { Accounts, emailOf, type GitHubAccount } from './accounts';
import { History } from './git/history';
import { ObjectStore } from './git/object-store';
import { Refs } from './git/refs';
import { writeFolder } from './git/seed';
import type { Signature } from './git/commit-object';
import { HubState, newState, type IssueState, type PullState } from './state';

export interface HubOptions {
  dataDir: string;
  seedDir: string;
  /** owner/name */
  repository: string;
  /** Where people and programs reach it, without a final slash. */
  baseUrl: string;
  accounts: readonly GitHubAccount[];
  clock?: () => Date;
}

/** An event for the webhook: its name, its action where it has one, and the rest of its payload. */
export interface HubEvent {
  event: string;
  action: string | null;
  payload: object;
}

export type Pull = IssueState & { pull: PullState };

export const DEFAULT_BRANCH = 'main';

export class Hub {
  readonly accounts: Accounts;
  readonly owner: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly history: History;
  /** Takes the events of finished writes, in order. */
  onEvent: (event: HubEvent) => void = () => undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private events: HubEvent[] = [];
  private readonly clock: () => Date;

  private constructor(
    options: HubOptions,
    readonly objects: ObjectStore,
    readonly refs: Refs,
    readonly state: HubState,
    private readonly saver: () => Promise<void>,
  ) {
    const [owner = '', name = ''] = options.repository.split('/');
    this.owner = owner;
    this.name = name;
    this.baseUrl = options.baseUrl;
    this.accounts = new Accounts(options.accounts);
    this.history = new History(objects);
    this.clock = options.clock ?? (() => new Date());
  }

  /**
   * Opens what `dataDir` holds, or begins anew from `seedDir`.
   * @throws Error that names the state file where it cannot be understood.
   */
  static async open(options: HubOptions): Promise<Hub> {
    await mkdir(options.dataDir, { recursive: true });
    const path = join(options.dataDir, 'state.json');
    const now = (options.clock ?? (() => new Date()))();
    const state =
      readState(path, await readJsonFile(path), options.repository) ?? newState(options.repository, isoOf(now));
    const gitdir = join(options.dataDir, 'repo.git');
    const objects = await ObjectStore.open(gitdir);
    const refs = await Refs.open(gitdir);
    const hub = new Hub(
      options,
      objects,
      refs,
      state,
      createSaver(path, () => state),
    );
    if (refs.branch(DEFAULT_BRANCH) === undefined) await hub.seed(options.seedDir);
    await hub.saver();
    return hub;
  }

  private async seed(folder: string): Promise<void> {
    const author = { name: 'Ravenhelm Platform', email: 'platform@ravenhelm.test', date: this.now() };
    const tree = await writeFolder(this.objects, folder);
    const commit = { tree, parents: [], author, committer: author, message: 'Import the platform repository' };
    await this.refs.set(`refs/heads/${DEFAULT_BRANCH}`, await this.objects.writeCommit(commit));
  }

  get fullName(): string {
    return `${this.owner}/${this.name}`;
  }

  /** The base of the REST addresses, as on GitHub Enterprise Server. */
  get apiUrl(): string {
    return `${this.baseUrl}/api/v3`;
  }

  now(): Date {
    return this.clock();
  }

  /** The time as GitHub writes it: UTC, without fractions of a second. */
  timestamp(): string {
    return isoOf(this.now());
  }

  nextId(): number {
    return this.state.nextId++;
  }

  nextNumber(): number {
    return this.state.nextNumber++;
  }

  signature(account: GitHubAccount): Signature {
    return { name: account.name, email: emailOf(account), date: this.now() };
  }

  issue(number: number): IssueState | undefined {
    return this.state.issues.find((issue) => issue.number === number);
  }

  pulls(): Pull[] {
    return this.state.issues.filter(isPull);
  }

  /** Runs one write after the other; saves the state and passes the events on before it resolves. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.queue.then(async () => {
      try {
        return await work();
      } finally {
        await this.saver();
        for (const event of this.events.splice(0)) this.onEvent(event);
      }
    });
    this.queue = run.catch(() => undefined);
    return run;
  }

  /** Notes an event of the write that is going on. */
  emit(event: string, action: string | null, payload: object): void {
    this.events.push({ event, action, payload });
  }

  /** Saves what changed beside a write, for example a delivery's outcome. */
  save(): Promise<void> {
    return this.saver();
  }

  /** Resolves when no write is under way. */
  async idle(): Promise<void> {
    await this.queue;
  }
}

export function isPull(issue: IssueState): issue is Pull {
  return issue.pull !== null;
}

/** A date as GitHub writes it. */
export function isoOf(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function readState(path: string, stored: unknown, repository: string): HubState | undefined {
  if (stored === undefined) return undefined;
  const parsed = HubState.safeParse(stored);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new Error(`${path} is not the state of this GitHub stand-in (${where}). Delete its folder to start afresh.`);
  }
  if (parsed.data.repository !== repository) {
    throw new Error(`${path} belongs to ${parsed.data.repository}, not ${repository}. Choose another data folder.`);
  }
  return parsed.data;
}
