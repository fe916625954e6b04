/**
 * The functions that we put into an init script, once, for every service after the first: create a secret or parameter where it is absent, make
 * a random value, create a queue with all that belongs to it. What the script itself has of that meaning is used instead.
 */
import { allStatements, type ShellStatement } from '../../shell/script';
import type { Argument, InitScript } from './init-script';

export type HelperKind = 'secret' | 'parameter' | 'random' | 'queue';

export interface Helper {
  kind: HelperKind;
  name: string;
  /** Order of the arguments, for secrets and parameters. */
  order: Argument[];
  /** What the function puts in front of a name by itself. */
  prefix: string;
  /** The lines to add; undefined where the script has it. */
  text?: string;
}

const NAMES: Readonly<Record<HelperKind, readonly string[]>> = {
  secret: ['create_secret_once', 'create_secret_if_absent'],
  parameter: ['create_parameter_once', 'create_parameter_if_absent'],
  random: ['random_value', 'random_secret_value'],
  queue: ['create_queue_with_dlq', 'create_queue_and_dlq'],
};

/** The function for a purpose: the script's own, or ours with its text. */
export function helperFor(kind: HelperKind, script: InitScript): Helper {
  const there = existing(kind, script);
  if (there) return there;
  const taken = new Set(script.statements.map((statement) => statement.name));
  const name = NAMES[kind].find((one) => !taken.has(one)) ?? `${NAMES[kind][0] ?? kind}_for_services`;
  const theirs = script.functions.find((one) => one.kind === kind)?.order ?? [];
  const wanted: Argument[] = kind === 'secret' ? ['name', 'value', 'description'] : ['name', 'value'];
  const order = [...theirs.filter((one) => wanted.includes(one)), ...wanted.filter((one) => !theirs.includes(one))];
  return { kind, name, order, prefix: '', text: textOf(kind, name, order, script) };
}

/** The function definitions of ours that stand in the script as we write them, by purpose. */
export function ownHelpers(script: InitScript): { kind: HelperKind; statement: ShellStatement; start: number }[] {
  const kinds = Object.keys(NAMES) as HelperKind[];
  return script.statements.flatMap((statement) => {
    const kind = kinds.find((one) => statement.kind === 'function' && NAMES[one].includes(statement.name ?? ''));
    if (kind === undefined) return [];
    const orders: Argument[][] =
      kind === 'secret' || kind === 'parameter'
        ? [script.functions.find((one) => one.name === statement.name)?.order ?? []]
        : [[]];
    const text = orders
      .map((order) => textOf(kind, statement.name ?? '', order, script))
      .find((one) => standsAt(script.text, one, statement));
    return text === undefined ? [] : [{ kind, statement, start: statement.lineEnd - text.length }];
  });
}

function standsAt(text: string, helper: string, statement: ShellStatement): boolean {
  return text.slice(0, statement.lineEnd).endsWith(helper);
}

function existing(kind: HelperKind, script: InitScript): Helper | undefined {
  if (kind === 'secret' || kind === 'parameter') {
    const found = script.functions.find((one) => one.kind === kind && one.once && one.order.length > 0);
    return found && { kind, name: found.name, order: found.order, prefix: found.prefix };
  }
  const statement = script.statements.find((one) => {
    if (one.kind !== 'function') return false;
    const body = script.text.slice(one.start, one.end);
    const commands = allStatements(one.inner).length;
    if (kind === 'random')
      return commands === 1 && /\/dev\/urandom|openssl rand/.test(body) && !/\$[1-9@]|\$\{[1-9]/.test(body);
    return NAMES.queue.includes(one.name ?? '') && /RedrivePolicy/.test(body) && /\bshift 4\b/.test(body);
  });
  return statement?.name === undefined ? undefined : { kind, name: statement.name, order: [], prefix: '' };
}

function textOf(kind: HelperKind, name: string, order: readonly Argument[], script: InitScript): string {
  const lines = {
    secret: () => secretLines(name, order, script),
    parameter: () => parameterLines(name, order, script),
    random: () => [
      '# A value that nobody has to know: 32 random bytes, with tools that every image has.',
      `${name}() {`,
      "  od -vAn -N32 -tx1 /dev/urandom | tr -d ' \\n'",
      '}',
    ],
    queue: () => queueLines(name, script),
  }[kind]();
  return lines
    .map((line) => `${line.replace(/^(?: {2})+/, (margin) => script.indent.repeat(margin.length / 2))}\n`)
    .join('');
}

function usage(name: string, order: readonly Argument[]): string {
  return `# ${name} ${order.map((argument) => argument.toUpperCase()).join(' ')}`;
}

function secretLines(name: string, order: readonly Argument[], { cli }: InitScript): string[] {
  const at = (argument: Argument) => `"$${order.indexOf(argument) + 1}"`;
  const aws = (verb: string) => `${cli.command} secretsmanager ${verb}${cli.options}`;
  const label = `$${order.indexOf('name') + 1}`;
  return [
    usage(name, order),
    '# Creates it where it is absent. A value that is there stays, whoever set it.',
    `${name}() {`,
    `  if ${aws('describe-secret')} --secret-id ${at('name')} >/dev/null 2>&1; then`,
    `    echo "  kept ${label}"`,
    '  else',
    `    ${aws('create-secret')} --name ${at('name')} \\`,
    `      --description ${at('description')} --secret-string ${at('value')} >/dev/null`,
    `    echo "  created ${label}"`,
    '  fi',
    '}',
  ];
}

function parameterLines(name: string, order: readonly Argument[], { cli }: InitScript): string[] {
  const at = (argument: Argument) => `"$${order.indexOf(argument) + 1}"`;
  const aws = (verb: string) => `${cli.command} ssm ${verb}${cli.options}`;
  const label = `$${order.indexOf('name') + 1}`;
  return [
    usage(name, order),
    '# A secret parameter, created where it is absent. A value that is there stays, whoever set it.',
    `${name}() {`,
    `  if ${aws('get-parameter')} --name ${at('name')} >/dev/null 2>&1; then`,
    `    echo "  kept ${label}"`,
    '  else',
    `    ${aws('put-parameter')} --name ${at('name')} \\`,
    `      --value ${at('value')} --type SecureString >/dev/null`,
    `    echo "  parameter ${label}"`,
    '  fi',
    '}',
  ];
}

/** Variables stay inside: by `local` in bash, by a subshell where the shell has no `local`. */
function queueLines(name: string, { cli, shell }: InitScript): string[] {
  const sqs = (verb: string) => `${cli.command} sqs ${verb}${cli.options}`;
  const sns = (verb: string) => `${cli.command} sns ${verb}${cli.options}`;
  const isBash = shell === 'bash';
  const arn = (variable: string, url: string) => [
    `  ${variable}="$(${sqs('get-queue-attributes')} --queue-url "$${url}" \\`,
    '    --attribute-names QueueArn --query Attributes.QueueArn --output text)"',
  ];
  const redrive = '\\\\"deadLetterTargetArn\\\\":\\\\"%s\\\\",\\\\"maxReceiveCount\\\\":\\\\"%s\\\\"';
  const sender = '\\\\"Effect\\\\":\\\\"Allow\\\\",\\\\"Principal\\\\":{\\\\"Service\\\\":\\\\"sns.amazonaws.com\\\\"}';
  const rights = '\\\\"Action\\\\":\\\\"sqs:SendMessage\\\\",\\\\"Resource\\\\":\\\\"%s\\\\"';
  const condition = '\\\\"Condition\\\\":{\\\\"ArnEquals\\\\":{\\\\"aws:SourceArn\\\\":[%s]}}';
  return [
    `# ${name} NAME VISIBILITY_SECONDS RETENTION_SECONDS MAX_RECEIVES [TOPIC...]`,
    '# The queue, NAME-dlq for what was received that often in vain, and the messages of the topics. Safe to run again.',
    `${name}() ${isBash ? '{' : '('}`,
    ...(isBash
      ? [
          '  local name="$1" visibility="$2" retention="$3" receives="$4"',
          '  local url arn dead_url dead_arn topic topic_arn topics=""',
        ]
      : ['  name="$1" visibility="$2" retention="$3" receives="$4" topics=""']),
    '  shift 4',
    `  dead_url="$(${sqs('create-queue')} --queue-name "$name-dlq" --query QueueUrl --output text)"`,
    ...arn('dead_arn', 'dead_url'),
    `  ${sqs('set-queue-attributes')} --queue-url "$dead_url" \\`,
    '    --attributes \'{"MessageRetentionPeriod":"1209600"}\' >/dev/null',
    `  url="$(${sqs('create-queue')} --queue-name "$name" --query QueueUrl --output text)"`,
    ...arn('arn', 'url'),
    `  ${sqs('set-queue-attributes')} --queue-url "$url" --attributes "$(printf \\`,
    `    '{"VisibilityTimeout":"%s","MessageRetentionPeriod":"%s","RedrivePolicy":"{${redrive}}"}' \\`,
    '    "$visibility" "$retention" "$dead_arn" "$receives")" >/dev/null',
    '  for topic in "$@"; do',
    `    topic_arn="$(${sns('create-topic')} --name "$topic" --query TopicArn --output text)"`,
    `    ${sns('subscribe')} --topic-arn "$topic_arn" --protocol sqs \\`,
    '      --notification-endpoint "$arn" --attributes RawMessageDelivery=true >/dev/null',
    '    topics="$topics${topics:+,}\\\\\\"$topic_arn\\\\\\""',
    '  done',
    '  if [ -n "$topics" ]; then',
    `    ${sqs('set-queue-attributes')} --queue-url "$url" --attributes "$(printf \\`,
    `      '{"Policy":"{\\\\"Version\\\\":\\\\"2012-10-17\\\\",\\\\"Statement\\\\":[{${sender},${rights},${condition}}]}"}' \\`,
    '      "$arn" "$topics")" >/dev/null',
    '  fi',
    '  echo "  queue $name"',
    isBash ? '}' : ')',
  ];
}
