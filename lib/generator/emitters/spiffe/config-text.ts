/** The configuration of a new helper: the keys that its siblings write, in their order and with their values, under a heading like theirs. */
import { spiffeNamesOf, workloadOf } from '../../naming';
import { isInUse } from '../../detect/guess';
import { parseHcl, type HclAttribute } from '../../hcl/parse';
import type { EmitContext } from '../../types';
import { lineBreak } from '../../yaml/lines';
import { otherHelpers } from './helpers';
import { mentions, rename, type Renaming } from './rename';

interface Sibling {
  path: string;
  text: string;
  attributes: HclAttribute[];
  /** What it may call whom it is for: service, workload, helper. */
  names: string[];
}

/** The text for a service; undefined where it has no helper. */
export function configText(context: EmitContext): string | undefined {
  const names = spiffeNamesOf(context.manifest, context.profile);
  if (!names) return undefined;
  const siblings = siblingsOf(context, names.configPath, names.helper);
  const model = chooseModel(siblings);
  const heading = headingFor(context.manifest.name, siblings);
  const body = model ? likeModel(context, model, siblings) : usualLines(context);
  const newline = mostUsual(siblings.map((one) => lineBreak(one.text, one.text.length))) ?? '\n';
  const ends = siblings.length === 0 || siblings.filter((one) => one.text.endsWith('\n')).length * 2 >= siblings.length;
  return [...heading, ...body].join(newline) + (ends ? newline : '');
}

/** The configurations beside the new one that can be read. */
function siblingsOf(context: EmitContext, own: string, helper: string): Sibling[] {
  const { profile, tree } = context;
  const folder = own.slice(0, own.lastIndexOf('/') + 1);
  const ending = /\.[^./]+$/.exec(own)?.[0] ?? '';
  const [before = '', after = ''] = (profile.spiffe?.helperFile ?? '').split(/\{workload_?\}/);
  const helpers = otherHelpers(context, helper);
  return tree.paths
    .filter((path) => path.startsWith(folder) && path.endsWith(ending) && path !== own && isInUse(path))
    .filter((path) => !path.slice(folder.length).includes('/'))
    .flatMap((path): Sibling[] => {
      const text = tree.read(path);
      const parsed = parseHcl(text ?? '');
      if (text === undefined || !parsed.ok) return [];
      const { attributes } = parsed.body;
      if (!attributes.some((one) => /^svid_?key_?file_?name$/i.test(one.key))) return [];
      const file = path.slice(folder.length);
      const short = file.startsWith(before) && file.endsWith(after) ? file.slice(before.length, -after.length) : '';
      const served = helpers.filter((one) => one.configPath === path);
      const names = served.flatMap((one) => [...one.serves, one.workload, one.name]);
      return [{ path, text, attributes, names: [...new Set([...names, short])].filter((name) => name !== '') }];
    });
}

/** Of the most usual list of keys the one whose values most of them share; of equals the last. */
function chooseModel(siblings: readonly Sibling[]): Sibling | undefined {
  const shape = (one: Sibling) => one.attributes.map((attribute) => attribute.key).join(' ');
  const usual = mostUsual(siblings.map(shape));
  const alike = siblings.filter((one) => shape(one) === usual);
  const shared = (one: Sibling) =>
    one.attributes.filter((attribute) => attribute.raw === usualValue(alike, attribute.key)).length;
  return alike.reduce<Sibling | undefined>((best, one) => (best && shared(best) > shared(one) ? best : one), undefined);
}

function usualValue(siblings: readonly Sibling[], key: string): string | undefined {
  return mostUsual(siblings.flatMap((one) => one.attributes.find((attribute) => attribute.key === key)?.raw ?? []));
}

/** The model's own lines without its remarks: they are about the workload that it is for. */
function likeModel(context: EmitContext, model: Sibling, siblings: readonly Sibling[]): string[] {
  const workload = workloadOf(context.manifest);
  const names: Renaming = model.names.map((name) => [name, workload]);
  return model.attributes.flatMap((attribute, index) => {
    const previous = model.attributes[index - 1];
    const between = previous ? model.text.slice(previous.end, attribute.start) : '';
    const blank = /\n[ \t]*\r?\n/.test(between) ? [''] : [];
    const margin = /[ \t]*$/.exec(model.text.slice(0, attribute.start))?.[0] ?? '';
    const written = model.text.slice(attribute.start, attribute.end);
    const key = written.slice(0, written.length - attribute.raw.length);
    return [...blank, ...(margin + key + valueFor(attribute, siblings, names)).split(/\r?\n/)];
  });
}

/** What a sibling runs or signals when its certificates are renewed is its own affair, unless all say the same. */
function valueFor(attribute: HclAttribute, siblings: readonly Sibling[], names: Renaming): string {
  const own = /^(?:cmd|cmd_?args|renew_?signal|pid_?file_?name)$/i.test(attribute.key);
  const values = new Set(
    siblings.flatMap((one) => one.attributes.find((other) => other.key === attribute.key)?.raw ?? []),
  );
  if (own && values.size > 1) return '""';
  return rename(attribute.raw, names, true);
}

/** `# Certificates for NAME`, as most of the siblings begin; none where most have none. */
function headingFor(name: string, siblings: readonly Sibling[]): string[] {
  if (siblings.length === 0) return [`# Certificates for ${name}`];
  const first = siblings.map((one) => /^[ \t]*(?:#|\/\/)[^\r\n]*/.exec(one.text)?.[0]);
  if (first.filter((line) => line !== undefined).length * 2 < siblings.length) return [];
  const starts = siblings.flatMap((one, index) => {
    const line = first[index] ?? '';
    const at = one.names.filter((known) => mentions(line, known)).map((known) => line.indexOf(known));
    return at.length > 0 ? [line.slice(0, Math.min(...at))] : [];
  });
  return [`${mostUsual(starts) ?? '# Certificates for '}${name}`];
}

/** RUNBOOK-024, section 3. */
function usualLines({ profile }: EmitContext): string[] {
  return [
    `agent_address = "${profile.spiffe?.socketPath ?? ''}"`,
    `cert_dir = "${profile.spiffe?.certsPath ?? ''}"`,
    'svid_file_name = "svid.pem"',
    'svid_key_file_name = "key.pem"',
    'svid_bundle_file_name = "bundle.pem"',
    'add_intermediates_to_bundle = true',
  ];
}

function mostUsual<T>(items: readonly T[]): T | undefined {
  const count = (item: T) => items.filter((one) => one === item).length;
  return items.reduce<T | undefined>(
    (best, item) => (best !== undefined && count(best) >= count(item) ? best : item),
    undefined,
  );
}
