/** The lines that create a service's secrets, parameters and queues, in the form that the script's own calls have. */
import { deadLetterNameOf, secretsOf, storedNameOf } from '../../naming';
import { quoteStyleOf, quoteWord, type QuoteStyle } from '../../shell/words';
import type { EmitContext } from '../../types';
import type { ManifestSecret } from '@/lib/services/manifest-security';
import { helperFor, type Helper } from './helper-functions';
import { runbookOf } from '../runbook/address';
import { optionOf, type Argument, type InitScript, type StoredCall } from './init-script';

/** Random bytes without a function of ours, for scripts of plain commands. */
const RANDOM = '"$(od -vAn -N32 -tx1 /dev/urandom | tr -d \' \\n\')"';
/** Lines may be as wide as the script's own calls are, and this at least. */
const NARROW = 100;
const DAY_SECONDS = 86_400;

/** A statement to add, and the functions that it calls. */
export interface NewCall {
  name: string;
  text: string;
  helpers: Helper[];
}

/** A secret of the service as it stands in the store. */
export interface StoredSecret extends ManifestSecret {
  stored: string;
  isOauth: boolean;
}

export function storedSecrets({ manifest, profile }: EmitContext): StoredSecret[] {
  return secretsOf(manifest).map((secret, index) => ({
    ...secret,
    stored: storedNameOf(secret, profile),
    isOauth: index >= manifest.security.secrets.length,
  }));
}

/** Who sets a provided secret, in the words that stand in its place until then. */
export function placeholderOf(secret: StoredSecret, context: EmitContext): string {
  const page = runbookOf(context)?.name;
  return `set-me: ${secret.stored} is set by ${context.manifest.owner}${page === undefined ? '' : `, see ${page}`}`;
}

/** The call that creates a secret or a parameter where it is absent. */
export function createCall(secret: StoredSecret, script: InitScript, context: EmitContext): NewCall {
  const similar = script.calls.filter((call) => call.kind === secret.store && call.statement.kind === 'commands');
  const throughFunctions =
    similar.some((call) => call.through !== undefined) || (similar.length === 0 && script.functions.length > 0);
  return throughFunctions
    ? functionCall(secret, script, similar, context)
    : { name: secret.stored, helpers: [], text: plainCommand(secret, script, similar, context) };
}

/** The value as one word of the script: made when it runs, or who is to set it. Never a secret itself. */
function valueWord(secret: StoredSecret, random: string, context: EmitContext): string {
  if (secret.source === 'generated') return random;
  const placeholder = placeholderOf(secret, context);
  if (!secret.isOauth) return quoteWord(placeholder, 'double');
  const clientId = context.manifest.security.oauth?.clientId ?? 'set-me';
  return quoteWord(JSON.stringify({ client_id: clientId, client_secret: placeholder }), 'single');
}

function functionCall(
  secret: StoredSecret,
  script: InitScript,
  similar: readonly StoredCall[],
  context: EmitContext,
): NewCall {
  const helper = helperFor(secret.store, script);
  const random = secret.source === 'generated' ? helperFor('random', script) : undefined;
  const style = (position: number) =>
    commonQuotes(similar.flatMap((call) => call.command.words[position + 1]?.raw ?? []));
  const name = secret.stored.startsWith(helper.prefix) ? secret.stored.slice(helper.prefix.length) : secret.stored;
  const words: Record<Argument, string> = {
    name: quoteWord(name, style(0)),
    value: valueWord(secret, random ? `"$(${random.name})"` : '', context),
    description: quoteWord(secret.purpose, 'double'),
  };
  const parts = helper.order.map((argument) => words[argument]);
  return {
    name: secret.stored,
    helpers: [helper, ...(random ? [random] : [])],
    text: layOut(helper.name, parts, 1, script, similar),
  };
}

/** `describe-secret … || create-secret …`, since a plain create-secret fails at the second start and put-secret-value would overwrite. */
function plainCommand(
  secret: StoredSecret,
  script: InitScript,
  similar: readonly StoredCall[],
  context: EmitContext,
): string {
  const { cli, indent } = script;
  const isSecret = secret.store === 'secret';
  const quotes = commonQuotes(similar.flatMap((call) => optionOf(call.command, ['--name']) ?? []));
  const name = quoteWord(secret.stored, quotes);
  const value = valueWord(secret, RANDOM, context);
  const guard = isSecret
    ? `${cli.command} secretsmanager describe-secret${cli.options} --secret-id ${name}`
    : `${cli.command} ssm get-parameter${cli.options} --name ${name}`;
  const command = `${cli.command} ${isSecret ? 'secretsmanager create-secret' : 'ssm put-parameter'}${cli.options}`;
  const options = isSecret
    ? [`--name ${name}`, `--description ${quoteWord(secret.purpose, 'double')}`, `--secret-string ${value}`]
    : [`--name ${name}`, `--value ${value}`, '--type SecureString'];
  const quiet = similar.some((call) =>
    script.text.slice(call.command.start, call.statement.end).includes('>/dev/null'),
  );
  const last = options.length - 1;
  const lines = options.map(
    (option, index) => `${indent}${indent}${option}${index === last ? (quiet ? ' >/dev/null' : '') : ' \\'}`,
  );
  return [`${guard} >/dev/null 2>&1 ||`, `${indent}${command} \\`, ...lines, ''].join('\n');
}

/** On one line where that is no longer than the script's own, else an argument a line, as shells continue lines. */
function layOut(
  command: string,
  words: readonly string[],
  onFirst: number,
  script: InitScript,
  similar: readonly StoredCall[],
): string {
  const oneLine = [command, ...words].join(' ');
  const widest = Math.max(
    NARROW,
    ...similar
      .map((call) => script.text.slice(call.statement.start, call.statement.end))
      .filter((text) => !text.includes('\n'))
      .map((text) => text.length),
  );
  if (oneLine.length <= widest) return `${oneLine}\n`;
  const margin = similar
    .map((call) => /\\\n([ \t]+)/.exec(script.text.slice(call.statement.start, call.statement.end))?.[1])
    .find((one) => one !== undefined);
  const lines = [
    [command, ...words.slice(0, onFirst)].join(' '),
    ...words.slice(onFirst).map((word) => `${margin ?? script.indent}${word}`),
  ];
  return `${lines.join(' \\\n')}\n`;
}

function commonQuotes(raws: readonly string[]): QuoteStyle {
  const counts = { plain: 0, single: 0, double: 0 };
  for (const raw of raws) counts[quoteStyleOf(raw)] += 1;
  if (counts.plain > counts.double && counts.plain > counts.single) return 'plain';
  return counts.single > counts.double ? 'single' : 'double';
}

/** The calls for the queues that the service reads and the topics that it writes to. */
export function messagingCalls(script: InitScript, { manifest }: EmitContext): NewCall[] {
  const { queues, publishes } = manifest.messaging;
  const quotes = (kind: 'queue' | 'topic') =>
    commonQuotes(
      script.calls
        .filter((call) => call.kind === kind && call.name !== undefined)
        .flatMap((call) => optionOf(call.command, ['--queue-name', '--name']) ?? []),
    );
  const helper = helperFor('queue', script);
  return [
    ...publishes.map(({ topic }) => ({
      name: topic,
      helpers: [],
      text: `${script.cli.command} sns create-topic${script.cli.options} --name ${quoteWord(topic, quotes('topic'))} >/dev/null\n`,
    })),
    ...queues.map((queue) => {
      const numbers = [queue.visibilitySeconds, queue.retentionDays * DAY_SECONDS, queue.maxReceives];
      const words = [queue.name, ...numbers.map(String), ...queue.topics].map((word) => quoteWord(word, 'plain'));
      return { name: queue.name, helpers: [helper], text: `${[helper.name, ...words].join(' ')}\n` };
    }),
  ];
}

/** Every name in LocalStack that is the service's: of its secrets and parameters, queues and their dead-letter queues, topics it writes to. */
export function namesOf(context: EmitContext): { secrets: string[]; queues: string[]; topics: string[] } {
  const { queues, publishes } = context.manifest.messaging;
  return {
    secrets: storedSecrets(context).map((secret) => secret.stored),
    queues: queues.flatMap((queue) => [queue.name, deadLetterNameOf(queue)]),
    topics: publishes.map((one) => one.topic),
  };
}
