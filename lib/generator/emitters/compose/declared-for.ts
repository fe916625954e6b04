/**
 * For whom a volume or a network is declared. One that is called after a service is its own. Of any other name nothing would tell later whether
 * the service brought it or it stood there before, unused: what is declared for a service says so in a remark beside it, and only then goes with it.
 */
import { escapeRegExp } from '../../escape-reg-exp';
import { segments } from '../../observe/kinship';
import type { EmitContext } from '../../types';
import type { Splice } from '../../yaml/insert';
import { placeAt } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { certsVolumeOf } from './certs-volume';

/** Words that say what something is, not whose. */
const COMMON_WORDS = new Set(
  'api app backend cache certs config data database db default frontend internal mcp media net network proxy public server service shared storage web worker'.split(
    ' ',
  ),
);
const REMARK = /#[ \t]*declared for [a-z][a-z0-9-]*[ \t]*\r?$/;

/** Whether a volume's name says that it is the service's: its certificates, or what shares a word with it that is nobody else's. */
export function isNamedAfter(context: EmitContext, servicePath: string, name: string): boolean {
  const { manifest } = context;
  const own = [...segments(manifest.name), ...segments(manifest.workload ?? '')];
  const telling = own.filter((word) => !COMMON_WORDS.has(word));
  const said = segments(name);
  const words = telling.length > 0 ? telling : own;
  return certsVolumeOf(context, servicePath)?.name === name || said.some((word) => words.includes(word));
}

/** Adds the remark to the lines of the names in what is inserted. */
export function withRemarks({ manifest }: EmitContext, splice: Splice, names: readonly string[]): Splice {
  const text = names.reduce((result, name) => {
    const key = escapeRegExp(name);
    return result.replace(
      new RegExp(`^([ \\t]*(["']?)${key}\\2:[^\\r\\n#]*)(?=\\r?$)`, 'm'),
      (line) => `${line.trimEnd()} # declared for ${manifest.name}`,
    );
  }, splice.text);
  return { ...splice, text };
}

/** Whether the remark stands beside a declaration. */
export function hasRemark(yaml: ParsedYaml, section: string, name: string): boolean {
  const place = placeAt(yaml, [section]);
  const entry = place.kind === 'map' ? place.entries.find(({ key }) => key === name) : undefined;
  if (!entry) return false;
  const end = yaml.text.indexOf('\n', entry.start);
  return REMARK.test(yaml.text.slice(entry.start, end === -1 ? undefined : end));
}
