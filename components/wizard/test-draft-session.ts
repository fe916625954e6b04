/** A server in memory and tabs that work on its draft, for tests of DraftSession. */
import { emptyDraft, formOf, type DraftForm } from '@/lib/wizard/draft-form';
import { applyPatches, type Patch } from '@/lib/wizard/patch';
import type { SavedDraft } from '@/lib/wizard/shared-draft';
import type { Refused } from './api';
import { DraftSession, type SessionView } from './draft-session';

const begun = emptyDraft();

/** A server as lib/wizard/save-draft.ts is, in memory. */
export class Server {
  version = 1;
  content: DraftForm = begun;
  saves: string[][] = [];
  failure: Refused | undefined;
  /** Who the writer of what this tab has not seen is: the same person, elsewhere. */
  you = false;
  /** How long a save takes, in milliseconds. */
  latency = 0;

  private answer(): SavedDraft {
    if (this.failure) throw this.failure;
    const others = [{ path: 'purpose', by: 'Omar', you: this.you }];
    const savedAt = new Date(this.version).toISOString();
    return { version: this.version, content: this.content, savedAt, conflicts: [], others };
  }

  write(patches: readonly Patch[]): void {
    this.content = formOf(applyPatches(this.content, patches).content);
    this.version += 1;
  }

  begin = (content: DraftForm) => {
    this.content = content;
    return Promise.resolve(this.answer());
  };

  patch = async (patches: readonly Patch[]) => {
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
    else await Promise.resolve();
    if (!this.failure) this.write(patches);
    this.saves.push(patches.map(({ path }) => path));
    return this.answer();
  };

  read = async () => {
    await Promise.resolve();
    return this.answer();
  };
}

/** A tab in which the server's draft is open. @param kept the tab's storage, which a reload leaves as it is. */
export function open(server: Server, kept = new Map<string, string>()) {
  let content = structuredClone(server.content);
  let view: SessionView | undefined;
  const session = new DraftSession({
    id: 'draft',
    draft: { version: server.version, content: server.content, savedAt: 0 },
    form: { read: () => structuredClone(content), write: (next) => (content = next) },
    server,
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    onView: (next) => (view = next),
    onFirstChange: () => undefined,
  });
  const type = (words: Partial<DraftForm>) => {
    content = { ...content, ...words };
    session.typed('basics');
  };
  return { session, type, kept, form: () => content, view: () => view };
}
