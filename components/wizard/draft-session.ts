/**
 * One tab's work on a draft: saves what is typed within a second, takes in what others saved, and holds the fields that both wrote until a person has chosen.
 * It knows neither React nor the network: the form, the server and the tab's storage are given to it.
 */
import { formOf, type DraftForm } from '@/lib/wizard/draft-form';
import {
  choose,
  conflictsOf,
  mergeServer,
  toSave,
  toSaveAfter,
  type FieldConflict,
  type Shared,
} from '@/lib/wizard/merge';
import { diffContent, sameJson, type Patch } from '@/lib/wizard/patch';
import { writerOf, type SavedDraft, type Writing } from '@/lib/wizard/shared-draft';
import { Refused } from './api';
import { keepWords, keptWords, type TabStorage } from './kept-words';
import { failureOf, type SaveState } from './save-state';

/** A save waits for a pause in typing, but never longer than the second that was promised. */
const PAUSE_MS = 400;
const LONGEST_MS = 800;
const RETRY_MS = 4000;

/** A field that two people wrote, with who the other is where that is known: `you` in another tab. */
export interface OpenConflict extends FieldConflict {
  by: Writing | undefined;
}

export interface SessionView {
  state: SaveState;
  conflicts: OpenConflict[];
  /** The request that somebody submitted from the draft meanwhile. */
  requestId: number | undefined;
}

/** Saves go on when their page is gone, where `leaving` says so. */
export interface DraftServer {
  begin(content: DraftForm, step: string, leaving: boolean): Promise<SavedDraft>;
  patch(patches: readonly Patch[], step: string, seenVersion: number, leaving: boolean): Promise<SavedDraft>;
  read(seenVersion: number): Promise<SavedDraft>;
}

interface Given {
  id: string;
  /** `savedAt` in milliseconds since 1970, where the server has the draft. */
  draft: { version: number; content: DraftForm; savedAt: number | undefined };
  /** `write` changes in the form what differs, and nothing else. */
  form: { read: () => DraftForm; write: (content: DraftForm) => void };
  server: DraftServer;
  storage: TabStorage;
  onView: (view: SessionView) => void;
  /** Called once when something was typed. */
  onFirstChange: () => void;
}

export class DraftSession {
  private shared: Shared;
  /** The newest version that the server told of; 0 before the draft was begun. */
  private version: number;
  /** In milliseconds since 1970; undefined where nothing was saved yet. */
  private savedAt: number | undefined;
  private step = 'basics';
  private touched: boolean;
  private stopped = false;
  private running: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingSince: number | undefined;
  private writings: Writing[] = [];
  private view: SessionView = { state: { status: 'untouched' }, conflicts: [], requestId: undefined };

  constructor(private readonly given: Given) {
    const { content, version, savedAt } = given.draft;
    this.shared = { base: content, server: content, inDoubt: [] };
    this.version = version;
    this.savedAt = savedAt;
    this.touched = version > 0;
  }

  /** What this tab typed before a reload or a new sign-in goes back into the form, and from there to the server. */
  restore(): void {
    const { id, storage, draft, form } = this.given;
    const kept = keptWords(id, storage, draft);
    if (kept) {
      this.shared = kept.shared;
      form.write(formOf(kept.form));
      this.show({});
      if (kept.conflicts.length > 0) void this.nameWriters();
      this.typed(this.step);
    }
    if (toSave(this.shared, form.read()).length === 0) this.showSaved();
  }

  /** Who wrote the fields that were in conflict before the page was loaded. */
  private async nameWriters(): Promise<void> {
    try {
      this.writings = [...this.writings, ...(await this.given.server.read(0)).others];
      this.show({});
    } catch (error) {
      // It is said without a name.
      if (!(error instanceof Refused)) throw error;
    }
  }

  /** The form has changed, or the person went to another step. */
  typed(step: string): void {
    this.step = step;
    const mine = this.given.form.read();
    this.keep(mine);
    if (this.view.conflicts.length > 0) this.show({});
    // After a save that failed there is something to do, though its words were typed back.
    const failed = this.view.state.status === 'failed' && !this.stopped;
    if (toSave(this.shared, mine).length === 0 && !failed) return;
    if (!this.touched) this.given.onFirstChange();
    this.touched = true;
    this.waitingSince ??= Date.now();
    this.schedule(Math.min(PAUSE_MS, this.waitingSince + LONGEST_MS - Date.now()));
  }

  /** Saves at once what waits; resolves when the server has it or has refused. */
  async flush(): Promise<void> {
    // One that is under way saves what was typed before; what was typed since goes with the next.
    await this.running;
    await this.save(false);
  }

  /** The page is hidden or left. */
  leave(gone: boolean): void {
    if (!gone || !this.running) {
      void this.save(gone);
      return;
    }
    const patches = toSaveAfter(this.shared, this.given.form.read());
    // Where it does not arrive, the tab's storage has the words.
    if (patches.length > 0 && !this.stopped && this.version > 0)
      this.given.server.patch(patches, this.step, this.version, true).catch(() => undefined);
  }

  /** The connection is back: what waits for it is saved at once. */
  async reconnected(): Promise<void> {
    if (this.view.state.status === 'failed') await this.flush();
  }

  /** No save waits any more; for the end of the page. */
  end(): void {
    clearTimeout(this.timer);
  }

  /** Somebody saved the draft, or submitted it: reads it, unless this tab knows that version. */
  async hear(version: number, requestId?: number): Promise<void> {
    if (requestId !== this.view.requestId) this.show({ requestId });
    // The answer of a save that is under way may be just that version.
    await this.running;
    if (version > this.version) await this.lookAgain();
  }

  /** Something happened to the draft: reads what, and whether it is still open to this person. */
  async lookAgain(): Promise<void> {
    // What a save that is under way comes to is known first.
    await this.running;
    if (this.stopped) return;
    try {
      const answer = await this.given.server.read(this.version);
      if (answer.version > this.version) this.take(answer, this.shared.inDoubt, false);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Whatever else it is, the next save finds it out, or the next word of the stream.
      if (error.problem.status === 404) this.fail(error);
    }
  }

  /** The person has chosen between the two values of a field. */
  resolve(path: string, choice: 'mine' | 'theirs'): void {
    const mine = this.given.form.read();
    const { shared, form } = choose(this.shared, mine, path, choice);
    this.shared = shared;
    if (choice === 'theirs') this.given.form.write(formOf(form));
    this.show({});
    this.typed(this.step);
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(false), Math.max(delay, 0));
  }

  private async save(leaving: boolean): Promise<void> {
    clearTimeout(this.timer);
    if (this.running || this.stopped) return;
    const mine = this.given.form.read();
    const patches = toSave(this.shared, mine);
    const { inDoubt } = this.shared;
    if (patches.length === 0) {
      if (leaving || this.view.state.status !== 'failed') return;
      if (inDoubt.length === 0) return this.showSaved();
    }
    this.waitingSince = undefined;
    let done: () => void = () => undefined;
    this.running = new Promise((resolve) => (done = resolve));
    const again = (one: Patch) => patches.some(({ path, to }) => path === one.path && sameJson(to, one.to));
    this.shared = { ...this.shared, inDoubt: [...inDoubt.filter((one) => !again(one)), ...patches] };
    this.keep(mine);
    this.show({ state: { status: 'saving' } });
    try {
      this.take(await this.send(mine, patches, leaving), [], true);
    } catch (error) {
      this.fail(error);
      if (this.isRefused()) {
        // What was refused is nowhere; what was sent before it may be there.
        this.shared = { ...this.shared, inDoubt };
        this.keep(this.given.form.read());
      }
    } finally {
      this.running = undefined;
      done();
    }
    // What was typed while the words before it were refused is not those words.
    const other = this.isRefused() && !sameJson(mine, this.given.form.read());
    if (this.view.state.status !== 'failed' || other) this.typed(this.step);
  }

  /** Whether the last save was judged: the same again would be refused again. */
  private isRefused(): boolean {
    const { state } = this.view;
    return state.status === 'failed' && (state.kind === 'refused' || state.kind === 'not-allowed');
  }

  /** Without patches it asks what came of those that are in doubt: the words were typed back, and the server may have them all the same. */
  private send(mine: DraftForm, patches: readonly Patch[], leaving: boolean): Promise<SavedDraft> {
    const { server } = this.given;
    if (this.version === 0) return server.begin(mine, this.step, leaving);
    return patches.length === 0 ? server.read(this.version) : server.patch(patches, this.step, this.version, leaving);
  }

  /** The server has all that was typed, since its last answer or from the start. */
  private showSaved(): void {
    const at = this.savedAt;
    this.waitingSince = undefined;
    this.show({ state: at === undefined ? { status: 'untouched' } : { status: 'saved', at } });
  }

  /** The server's copy comes into the form. */
  private take(answer: SavedDraft, inDoubt: readonly Patch[], own: boolean): void {
    // Told meanwhile that it is over: an answer from before changes nothing.
    if (this.stopped) return;
    this.writings = [...answer.others, ...this.writings];
    const mine = this.given.form.read();
    // A newer copy came in while this answer was on its way: it had these saves in it.
    const server = answer.version < this.version ? this.shared.server : answer.content;
    const { shared, form } = mergeServer(this.shared, mine, server, inDoubt);
    this.version = Math.max(this.version, answer.version);
    this.shared = shared;
    if (!sameJson(form, mine) || diffContent(mine, form).length > 0) this.given.form.write(formOf(form));
    const other = answer.others.find(({ you }) => !you);
    const at = Date.now();
    this.savedAt = at;
    // What the page before sent as it was left comes in like another tab's save, and brings nothing new: these words are saved.
    const known = own || (!other && sameJson(form, mine));
    this.show({
      state: known ? { status: 'saved', at } : { status: 'heard', at, by: other?.by },
      requestId: answer.requestId,
    });
    this.keep(this.given.form.read());
  }

  private fail(error: unknown): void {
    if (this.stopped) return;
    const { problem } =
      error instanceof Refused ? error : new Refused({ status: 0, detail: 'The draft could not be saved.' });
    const kind = failureOf(problem.status);
    this.stopped = kind === 'over';
    this.show({ state: { status: 'failed', message: problem.detail, kind, owner: problem.owner } });
    // The same words would be refused again: they wait for the next key, or for the person to try.
    if (kind === 'signed-out' || kind === 'offline') this.schedule(RETRY_MS);
  }

  private keep(typed: DraftForm): void {
    const { shared } = this;
    const done = shared.inDoubt.length === 0 && diffContent(shared.base, typed).length === 0;
    keepWords(this.given.id, this.given.storage, done ? undefined : { shared, typed });
  }

  private show(change: Partial<SessionView>): void {
    const conflicts = conflictsOf(this.shared, this.given.form.read()).map((conflict) => ({
      ...conflict,
      by: writerOf(conflict.path, this.writings),
    }));
    this.view = { ...this.view, ...change, conflicts };
    this.given.onView(this.view);
  }
}
