/** A new item of a list, put together from the parts that its neighbour has: what it is about, what parts it from the rest, the rest. */
import { markdownTarget } from '../markdown-text';
import type { EntryContext, EntryFacts } from './entry-facts';
import { linksIn, relativePath } from './links';
import type { List, ListItem } from './outline';
import { linkLike, MENTION, nameLike, purposeLike } from './words';

interface Parts {
  lead: string;
  separator: string;
  rest: string;
}

/** The item's text with its mark and indentation, without a line break. */
export function itemFor(list: List, facts: EntryFacts, context: EntryContext): string | undefined {
  const model = modelItem(list);
  if (!model) return undefined;
  const { lead, separator, rest } = partsOf(model.text);
  const leadLink = linksIn(lead).length > 0 || MENTION.test(lead);
  const about = leadLink && facts.runbook ? linkLike(lead, facts, context) : nameLike(lead, facts);
  const tail = tailOf(rest);
  const others = list.items.map((item) => tailOf(partsOf(item.text).rest).description);
  const says = rest === '' ? '' : `${separator}${purposeLike(others, facts)}`;
  const link = leadLink ? '' : tailLink(tail, facts, context);
  return `${model.indent}${markerFor(list, model)} ${about ?? facts.title}${says}${link}`;
}

/** The neighbour whose form is taken: the last that links a runbook, else the last with a link, else the last. */
export function modelItem(list: List): ListItem | undefined {
  const linked = list.items.filter((item) => linksIn(item.text).length > 0);
  return (
    linked.findLast((item) => MENTION.test(item.text)) ??
    list.items.findLast((item) => MENTION.test(item.text)) ??
    linked.at(-1) ??
    list.items.at(-1)
  );
}

/** `[a](b): c`, `**a** – c`, `` `a` - c ``, `a: c`, `**a:** c`. */
export function partsOf(text: string): Parts {
  const lead =
    /^(?:(\*\*|__)?(?:\[\[[^\]]+\]\]|\[[^\]]*\]\([^)]*\))\1?|(`+)[^`]+\2|(\*\*|__)(?:(?!\3).)+\3)/.exec(text)?.[0] ??
    /^.+?(?=\s+[–—-]\s|:\s|\s+\()/.exec(text)?.[0] ??
    text;
  const after = text.slice(lead.length);
  const separator = /^(?:\s*:\s+|\s+[–—-]+\s+|\s*,\s+|\s+)/.exec(after)?.[0] ?? '';
  const inside = /^(\*\*|__)(.+?):\1$/.exec(lead);
  if (inside?.[1] && inside[2]) {
    const mark = inside[1];
    return { lead: `${mark}${inside[2]}:${mark}`, separator, rest: after.slice(separator.length) };
  }
  return { lead, separator, rest: after.slice(separator.length) };
}

interface Tail {
  description: string;
  /** What stands before the link, `(see `; undefined where there is none. */
  before?: string;
  link?: string;
  after?: string;
}

/** A description with a link or a mention of a runbook at its end: ` (see [RUNBOOK-031](…))`, `, RUNBOOK-031`. */
function tailOf(rest: string): Tail {
  const link = linksIn(rest).at(-1);
  const mention = MENTION.exec(rest);
  const at = link ?? (mention ? { start: mention.index, end: mention.index + mention[0].length } : undefined);
  if (!at) return { description: rest };
  const after = rest.slice(at.end);
  if (!/^[).\s]*$/.test(after)) return { description: rest };
  const before = /(?:[\s,;:.–—(-]|\bsee\b|\brunbook\b)*$/i.exec(rest.slice(0, at.start))?.[0] ?? '';
  return {
    description: rest.slice(0, at.start - before.length),
    before,
    link: rest.slice(at.start, at.end),
    after,
  };
}

function tailLink(tail: Tail, facts: EntryFacts, context: EntryContext): string {
  if (!facts.runbook) return '';
  if (tail.link === undefined) return ` (${mentionOf(facts.runbook, context)})`;
  return `${tail.before ?? ' '}${linkLike(tail.link, facts, context) ?? mentionOf(facts.runbook, context)}${tail.after ?? ''}`;
}

/** The page where no neighbour shows how one is named: what people call it, a link where it has no name of its own. */
function mentionOf({ path, numbered }: NonNullable<EntryFacts['runbook']>, { path: from }: EntryContext): string {
  if (numbered && /\p{L}/u.test(numbered.id)) return numbered.id;
  const text = numbered ? `runbook ${numbered.id}` : 'runbook';
  return `[${text}](${markdownTarget(relativePath(from, path))})`;
}

/** The next number where the items are numbered one by one; the same where all have one number. */
function markerFor(list: List, model: ListItem): string {
  const numbers = list.items.map((item) => Number(/^\d+/.exec(item.marker)?.[0]));
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined || Number.isNaN(last)) return model.marker;
  return `${first === last && list.items.length > 1 ? last : last + 1}${model.marker.replace(/^\d+/, '')}`;
}
