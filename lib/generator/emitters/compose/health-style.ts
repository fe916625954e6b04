/** How the services of a file ask for health: the tool and its flags, the form of `test`, timings that they merge. */
import { isMap, isSeq, type ParsedNode } from 'yaml';
import type { ComposeService } from '../../observe/compose-file';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { anchored, childOf, keysOf, majority, mergedAnchors, type Anchored } from './shared-nodes';

export interface HealthStyle {
  /** The words of `test`, `{url}` where the address goes: `CMD-SHELL` and a line, or `CMD` and its words. */
  test: readonly string[];
  host: string;
  /** `test` as a list on one line, as a list of lines, or as text, which Compose takes for CMD-SHELL. */
  form: 'flow' | 'block' | 'text';
  /** Timings that the services merge, and whether that stands before `test`. */
  defaults?: Anchored & { first: boolean };
}

/** The usual check, where a file shows none. Most small images have wget from BusyBox and no curl. */
export const usualHealth: HealthStyle = {
  test: ['CMD-SHELL', 'wget -qO- {url} || exit 1'],
  host: '127.0.0.1',
  form: 'flow',
};

const curlTest = ['CMD-SHELL', 'curl -sf {url} || exit 1'];
const URL_IN_TEST = /(['"]?)https?:\/\/(localhost|127\.0\.0\.1)(?::[^\s/'"]+)?(?:\/[^\s'"]*)?\1/;
/** A plain question with the tool's own flags: no header, no token, nothing that reads the answer. */
const PLAIN = /^(?:wget|curl)(?: (?:-[\w-]+(?:=\w+)?|\d+|\/dev\/null))* \{url\}(?: >\s?\/dev\/null)?(?: \|\| exit 1)?$/;
const TIMINGS = new Set(['interval', 'timeout', 'retries', 'start_period', 'start_interval']);

/** Learns from the file's checks that ask over HTTP; curl has to be the clear custom of the file. */
export function learnHealth(
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
): HealthStyle {
  const asked = services.flatMap((service) => {
    const words = testWords(service);
    return words.length > 0 ? [{ words, node: childOf(childOf(nodes.get(service.name), 'healthcheck'), 'test') }] : [];
  });
  const tools = asked.flatMap(({ words }) => /\b(?:wget|curl)\b/.exec(words.join(' '))?.[0] ?? []);
  const tool = tools.filter((one) => one === 'curl').length * 2 > tools.length ? 'curl' : 'wget';
  const hosts = asked.flatMap(({ words }) => URL_IN_TEST.exec(words.join(' '))?.[2] ?? []);
  const plain = asked.flatMap(({ words, node }) => {
    const template = templateOf(words);
    return template?.join(' ').includes(`${tool} `) ? [{ template, form: formOf(node) }] : [];
  });
  const common = majority(plain.map(({ template }) => JSON.stringify(template)));
  const model = plain.find(({ template }) => JSON.stringify(template) === common);
  const defaults = sharedTimings(yaml, services, nodes);
  return {
    test: model?.template ?? (tool === 'curl' ? curlTest : usualHealth.test),
    host: majority(hosts) ?? usualHealth.host,
    form: model?.form ?? 'flow',
    ...(defaults ? { defaults } : {}),
  };
}

/** `test` as Docker takes it for an address; of several words with `{url}` none is quoted by a shell. */
export function testFor(style: Pick<HealthStyle, 'test'>, url: string): string[] {
  const [kind = 'CMD-SHELL', ...words] = style.test;
  const target = kind === 'CMD-SHELL' && /[?&]/.test(url) ? `'${url}'` : url;
  return [kind, ...words.map((word) => word.replace('{url}', target))];
}

function testWords(service: ComposeService): string[] {
  const test = asRecord(service.fields['healthcheck'])?.['test'];
  const text = asText(test);
  return text === undefined ? (asList(test) ?? []).map((word) => asText(word) ?? '') : ['CMD-SHELL', text];
}

function templateOf(words: readonly string[]): string[] | undefined {
  const [kind = '', ...rest] = words;
  if (kind !== 'CMD' && kind !== 'CMD-SHELL') return undefined;
  const template = rest.map((word) => word.replace(URL_IN_TEST, '{url}').replace(/\s+/g, ' ').trim());
  return PLAIN.test(template.join(' ')) ? [kind, ...template] : undefined;
}

function formOf(node: ParsedNode | null | undefined): HealthStyle['form'] {
  return isSeq(node) ? (node.flow ? 'flow' : 'block') : 'text';
}

/** The anchor whose timings most checks merge; nothing else may come with it. */
function sharedTimings(
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
): HealthStyle['defaults'] {
  const checks = services.map((service) => childOf(nodes.get(service.name), 'healthcheck')).filter((one) => isMap(one));
  const merging = checks.flatMap((check) => {
    const [anchor, ...others] = mergedAnchors(check);
    return anchor !== undefined && others.length === 0 ? [{ anchor, first: keysOf(check)[0] === '<<' }] : [];
  });
  const anchor = majority(merging.map((one) => one.anchor));
  if (anchor === undefined || merging.length * 3 < checks.length) return undefined;
  const found = anchored(yaml, anchor);
  if (!found || !Object.keys(found.value).every((key) => TIMINGS.has(key))) return undefined;
  return { ...found, first: majority(merging.map((one) => one.first)) ?? true };
}
