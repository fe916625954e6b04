/** Under which banner of an init script a service's secrets belong: where its own are, where its neighbours' are, else the last group with any. */
import type { ShellStatement } from '../../shell/script';
import { composeFileOf, storedSecretName } from '../../operations';
import { readComposeFiles } from '../../observe/compose-files';
import { segments, sharedSegments } from '../../observe/kinship';
import { workloadOf } from '../../naming';
import type { EmitContext } from '../../types';
import { isBanner } from '../../yaml/gap';
import { readLine, type Line } from '../../yaml/lines';
import type { InitScript, StoredCall } from './init-script';

/** The calls between two banners. `title` is the banner's words. */
export interface CallGroup {
  title: string;
  calls: StoredCall[];
}

/** The calls of the script by the banners above them, in order. Calls inside functions have the function's name for a title. */
export function groupsOf(script: InitScript): CallGroup[] {
  const groups: CallGroup[] = [];
  let title = '';
  let from = 0;
  const place = (call: StoredCall, heading: string) => {
    const last = groups.at(-1);
    if (last?.title === heading) last.calls.push(call);
    else groups.push({ title: heading, calls: [call] });
  };
  for (const statement of script.statements) {
    title = bannerIn(script.text, from, statement.start) ?? title;
    from = statement.lineEnd;
    for (const call of script.calls)
      if (call.inside === undefined ? call.statement === statement : call.inside === statement.name)
        place(call, call.inside === undefined ? title : `${title} ${call.inside}`);
  }
  return groups;
}

/** The words of the last banner between two offsets. */
function bannerIn(text: string, from: number, to: number): string | undefined {
  const lines: Line[] = [];
  for (let start = from; start < to;) {
    const line = readLine(text, start);
    if (line.kind === 'comment') lines.push(line);
    else if (lines.length > 0 && line.kind === 'blank' && !isBanner(text, lines)) lines.length = 0;
    start = line.end;
  }
  if (!isBanner(text, lines)) return undefined;
  const words = lines.map((line) => text.slice(line.start, line.end).replace(/[#=\-*~─━═_+|\s]+/g, ' '));
  return words.join(' ').replace(/\s+/g, ' ').trim();
}

/** The call behind which a service's secrets go; undefined where the script creates none. */
export function neighbourCall(
  script: InitScript,
  context: EmitContext,
  names: readonly string[],
): StoredCall | undefined {
  const groups = groupsOf(script)
    .map((group) => ({ ...group, calls: group.calls.filter((call) => call.kind === 'secret' && isOneStatement(call)) }))
    .filter((group) => group.calls.length > 0);
  const kin = relatives(context);
  const words = groupWords(context);
  let best: { group: CallGroup; score: number } | undefined;
  for (const group of groups) {
    const own = group.calls.some((call) => names.includes(call.name ?? ''));
    const titled = segments(group.title).some((word) => words.has(word));
    const related = group.calls.filter((call) => call.name !== undefined && kin(call.name)).length;
    const score = (own ? 10_000 : 0) + (titled ? 1_000 : 0) + related;
    // Of equals the last: the file grows at its end.
    if (!best || score >= best.score) best = { group, score };
  }
  if (!best) return undefined;
  const close = best.group.calls
    .map((call) => ({ call, shared: sharedSegments(bareName(call.name ?? '', context), context.manifest.name) }))
    .filter(({ shared }) => shared > 0);
  const most = Math.max(...close.map(({ shared }) => shared));
  return close.findLast(({ shared }) => shared === most)?.call ?? best.group.calls.at(-1);
}

/** Whether lines can be added behind it: it is a statement of its own and no loop or branch. */
function isOneStatement({ statement }: { statement: ShellStatement }): boolean {
  return statement.kind === 'commands';
}

function bareName(name: string, { profile }: EmitContext): string {
  const prefix = profile.naming.secretPrefix;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** The words by which a banner means this service's kind: its stack, its category and that one's title. */
function groupWords({ manifest, profile }: EmitContext): Set<string> {
  const category = profile.categories[manifest.category];
  const stack = manifest.runtime.compose?.stack ?? category?.stack ?? profile.compose?.defaultStack ?? '';
  const small = new Set([
    'and',
    'or',
    'of',
    'the',
    'a',
    'for',
    'to',
    'in',
    'with',
    'everything',
    'anything',
    'else',
    'local',
    'secrets',
    'secret',
  ]);
  return new Set([stack, manifest.category].flatMap(segments).filter((word) => !small.has(word)));
}

/** Whether a secret is one of a service that runs beside this one, by its name or by who is told of it. */
function relatives(context: EmitContext): (name: string) => boolean {
  const { manifest, profile, tree } = context;
  const file = composeFileOf(manifest, profile);
  const beside = readComposeFiles(tree, profile)
    .filter((place) => place.path === file)
    .flatMap((place) => place.file.services)
    .filter((service) => service.name !== manifest.name);
  const names = beside.flatMap((service) => [
    service.name,
    (service.containerName ?? service.name).replace(profile.naming.containerPrefix, ''),
  ]);
  const told = JSON.stringify(beside.map((service) => service.fields['environment'] ?? {}));
  return (name) => {
    const bare = bareName(name, context).replace(/\/.*$/, '');
    return (
      names.includes(bare) ||
      told.includes(`"${storedSecretName(profile, name)}"`) ||
      told.includes(`=${storedSecretName(profile, name)}"`) ||
      sharedSegments(bare, workloadOf(manifest)) > 0
    );
  };
}
