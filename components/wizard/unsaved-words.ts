/**
 * What a tab has typed into a draft that the server has not acknowledged. It is kept in the tab's storage from the first key on, so that neither a reload, nor
 * a lost connection, nor an ended session loses a word.
 */
import { formOf, type DraftForm } from '@/lib/wizard/draft-form';

interface Unsaved {
  content: DraftForm;
  /** Contents that were sent and whose answer has not come, as text: any of them may be what the server has by now. */
  sent: string[];
}

/** How the server's copy of a draft stands to what this tab has typed. */
export type Standing = 'same' | 'older' | 'newer';

const storageKey = (id: string) => `slipway:unsaved:${id}`;

/** PostgreSQL keeps an object's keys in an order of its own: two contents are compared as the form has them. */
const textOf = (content: unknown): string => JSON.stringify(formOf(content));

/**
 * Whether the server's copy is what was typed, came before it in this tab, or is somebody else's.
 * @param seenVersion the last version that the server told this tab of.
 */
export function standingOf(
  server: { version: number; content: unknown },
  typed: Unsaved & { seenVersion: number },
): Standing {
  const there = textOf(server.content);
  if (there === textOf(typed.content)) return 'same';
  return server.version <= typed.seenVersion || typed.sent.includes(there) ? 'older' : 'newer';
}

/** The tab's storage; one that keeps nothing where the browser gives none, or on the server. */
export function tabStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  try {
    return sessionStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
}

/** The unacknowledged words of one draft. Where the tab's storage is off or full they are kept by the page alone. */
export class UnsavedWords {
  private typed: DraftForm | undefined;
  private sent: string[] = [];

  constructor(
    private readonly id: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  ) {}

  /** What the page before could not save, if the server's copy comes before it. */
  restore(server: { version: number; content: unknown }): DraftForm | undefined {
    const kept = this.read();
    if (!kept || standingOf(server, kept) !== 'older') return undefined;
    this.typed = kept.content;
    this.sent = kept.sent;
    return kept.content;
  }

  type(content: DraftForm, seenVersion: number): void {
    this.typed = content;
    this.write(seenVersion);
  }

  send(content: DraftForm, seenVersion: number): void {
    const text = textOf(content);
    if (!this.sent.includes(text)) this.sent.push(text);
    this.write(seenVersion);
  }

  /** The server has `content` as `version`; what was typed since is still kept. */
  acknowledge(content: DraftForm, version: number): void {
    this.sent = [];
    if (this.typed !== undefined && textOf(this.typed) === textOf(content)) this.typed = undefined;
    this.write(version);
  }

  /** How a copy that the server has stands to `content`, after a save was refused. */
  standing(server: { version: number; content: unknown }, content: DraftForm, seenVersion: number): Standing {
    return standingOf(server, { content, sent: this.sent, seenVersion });
  }

  private read(): (Unsaved & { seenVersion: number }) | undefined {
    try {
      const kept = this.storage.getItem(storageKey(this.id));
      if (kept === null) return undefined;
      const { seenVersion, content, sent } = JSON.parse(kept) as Record<string, unknown>;
      if (typeof seenVersion !== 'number' || !Array.isArray(sent)) return undefined;
      return { seenVersion, content: formOf(content), sent: sent.filter((text) => typeof text === 'string') };
    } catch {
      return undefined; // off, or not ours
    }
  }

  private write(seenVersion: number): void {
    try {
      if (this.typed === undefined) this.storage.removeItem(storageKey(this.id));
      else
        this.storage.setItem(
          storageKey(this.id),
          JSON.stringify({ seenVersion, content: this.typed, sent: this.sent }),
        );
    } catch {
      // Off or full; the page itself still holds it.
    }
  }
}
