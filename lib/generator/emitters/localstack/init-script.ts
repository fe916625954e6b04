/**
 * What LocalStack's init script says: the command line that it talks to AWS with, its own functions for secrets and parameters, and every call
 * that creates something, with its place. The form of what is added is read off these.
 */
import { allStatements, parseShell, type ShellCommand, type ShellStatement } from '../../shell/script';
import { literalOf } from '../../shell/words';

export type StoredKind = 'secret' | 'parameter' | 'queue' | 'topic';
export type Argument = 'name' | 'value' | 'description';

/** A function of the script that creates a secret or a parameter. */
export interface CreateFunction {
  name: string;
  kind: 'secret' | 'parameter';
  /** What its arguments are, in order; empty where the body does not show it. */
  order: Argument[];
  /** Whether it leaves a value that is there alone. */
  once: boolean;
  /** What it puts in front of the name it is given. */
  prefix: string;
}

/** A statement that creates something in LocalStack. */
export interface StoredCall {
  kind: StoredKind;
  /** Undefined where the script composes it when it runs. */
  name?: string;
  /** The function that is called; undefined for a plain command. */
  through?: string;
  command: ShellCommand;
  statement: ShellStatement;
  /** Function whose body it stands in; undefined at the top. */
  inside?: string;
}

export interface InitScript {
  path: string;
  text: string;
  /** `sh` where the first line says so: then only what POSIX knows is written. */
  shell: 'bash' | 'sh';
  statements: ShellStatement[];
  /** How it calls AWS: `awslocal`, and the options that every call has (` --region "$REGION"`, with a blank in front). */
  cli: { command: string; options: string };
  functions: CreateFunction[];
  calls: StoredCall[];
  /** One step of indentation. */
  indent: string;
}

export type ReadScript = { ok: true; script: InitScript } | { ok: false; line?: number; reason: string };

const VERBS: Readonly<Record<string, StoredKind>> = {
  'create-secret': 'secret',
  'put-parameter': 'parameter',
  'create-queue': 'queue',
  'create-topic': 'topic',
};
const SERVICES = new Set(['secretsmanager', 'ssm', 'sqs', 'sns']);
const NAME_OPTIONS = ['--name', '--secret-id', '--queue-name'];

/** Reads the script; not ok where it is no shell script, or one that cannot be followed. */
export function readInitScript(path: string, text: string): ReadScript {
  const firstLine = text.split('\n', 1)[0] ?? '';
  if (!/\.(?:ba)?sh$/.test(path) && !/^#!.*\b(?:ba|da|k)?sh\b/.test(firstLine))
    return { ok: false, reason: 'This is no shell script; Slipway writes secrets into shell scripts alone.' };
  const parsed = parseShell(text);
  if (!parsed.ok) return { ok: false, line: parsed.line, reason: parsed.reason };
  const { statements } = parsed;
  const functions = statements.flatMap((statement) => {
    const found = createFunction(statement, text);
    return found ? [found] : [];
  });
  return {
    ok: true,
    script: {
      path,
      text,
      shell: /^#!.*(?:\/|\s)(?:da)?sh\b/.test(firstLine) ? 'sh' : 'bash',
      statements,
      cli: cliOf(statements, text),
      functions,
      calls: callsOf(statements, functions),
      indent: indentOf(statements, text),
    },
  };
}

/** The value of an option of a command, as it is written: `--name x` or `--name=x`. */
export function optionOf(command: ShellCommand, names: readonly string[]): string | undefined {
  for (const [index, word] of command.words.entries()) {
    if (names.includes(word.raw)) return command.words[index + 1]?.raw;
    const name = names.find((one) => word.raw.startsWith(`${one}=`));
    if (name !== undefined) return word.raw.slice(name.length + 1);
  }
  return undefined;
}

function verbOf(command: ShellCommand): { at: number; kind: StoredKind } | undefined {
  const at = command.words.findIndex((word) => SERVICES.has(word.raw));
  const kind = at < 1 ? undefined : VERBS[command.words[at + 1]?.raw ?? ''];
  return kind === undefined ? undefined : { at, kind };
}

/** The command line of the first call whose words all mean something outside of its function too. */
function cliOf(statements: readonly ShellStatement[], text: string): InitScript['cli'] {
  const known = new Set(
    [...text.matchAll(/^(?:export\s+|readonly\s+)*([A-Za-z_]\w*)=/gm)].map((match) => match[1] ?? ''),
  );
  const isUsable = (raw: string) =>
    [...raw.matchAll(/\$\{?(\w+)/g)].every((match) => known.has(match[1] ?? '')) &&
    !/\$[({@*]|`/.test(raw.replace(/\$\{\w+/g, ''));
  for (const { commands } of allStatements(statements))
    for (const command of commands) {
      const at = command.words.findIndex((word) => SERVICES.has(word.raw));
      const prefix = command.words.slice(0, Math.max(at, 0)).map((word) => word.raw);
      if (at < 1 || !prefix.every(isUsable)) continue;
      const options = ['--region', '--endpoint-url', '--profile'].flatMap((name) => {
        const raw = optionOf({ ...command, words: command.words.slice(at) }, [name]);
        return raw !== undefined && isUsable(raw) ? [` ${name} ${raw}`] : [];
      });
      return { command: prefix.join(' '), options: options.join('') };
    }
  const inSubstitution = /\b(aws\s+--endpoint-url[= ]\S+)\s+(?:secretsmanager|ssm|sqs|sns)\b/.exec(text)?.[1];
  return { command: inSubstitution ?? 'awslocal', options: '' };
}

function createFunction(statement: ShellStatement, text: string): CreateFunction | undefined {
  if (statement.kind !== 'function' || statement.name === undefined) return undefined;
  const commands = allStatements(statement.inner).flatMap((inner) => inner.commands);
  const creating = commands.find((command) => ['secret', 'parameter'].includes(verbOf(command)?.kind ?? ''));
  const kind = creating && verbOf(creating)?.kind;
  if (!creating || (kind !== 'secret' && kind !== 'parameter')) return undefined;
  const body = text.slice(statement.start, statement.end);
  const overwrites = kind === 'secret' ? /\b(?:put-secret-value|update-secret)\b/ : /--overwrite\b/;
  const guarded =
    /\b(?:describe-secret|get-secret-value|list-secrets|get-parameters?|describe-parameters)\b|\|\|\s*(?:true|:|echo)\b/;
  const name = argumentOf(optionOf(creating, NAME_OPTIONS), commands);
  const order = orderOf({
    name: name?.position,
    value: argumentOf(optionOf(creating, ['--secret-string', '--value']), commands)?.position,
    description: argumentOf(optionOf(creating, ['--description']), commands)?.position,
  });
  return {
    name: statement.name,
    kind,
    order,
    once: !overwrites.test(body) && guarded.test(body),
    prefix: name?.prefix ?? '',
  };
}

/** Which of the function's arguments a word carries, directly or over a variable of its own, and what stands in front of it. */
function argumentOf(
  raw: string | undefined,
  commands: readonly ShellCommand[],
): { position: number; prefix: string } | undefined {
  const match = /^"?([^"$]*)\$\{?(\w+)(?:[:?][^}]*)?\}?"?$/.exec(raw ?? '');
  if (!match) return undefined;
  const [, prefix = '', variable = ''] = match;
  if (/^\d$/.test(variable)) return { position: Number(variable), prefix };
  for (const word of commands.flatMap((command) => command.words)) {
    if (!word.raw.startsWith(`${variable}=`)) continue;
    const inner = /^"?([^"$]*)\$\{?(\d)(?:[:?-][^}]*)?\}?"?$/.exec(word.raw.slice(variable.length + 1));
    if (inner) return { position: Number(inner[2]), prefix: `${prefix}${inner[1] ?? ''}` };
  }
  return undefined;
}

function orderOf(positions: Record<Argument, number | undefined>): Argument[] {
  const found = (['name', 'value', 'description'] as const)
    .flatMap((argument) => (positions[argument] === undefined ? [] : [{ argument, position: positions[argument] }]))
    .sort((a, b) => a.position - b.position);
  const isComplete = found.every(({ position }, index) => position === index + 1);
  return isComplete && positions.name !== undefined && positions.value !== undefined
    ? found.map((one) => one.argument)
    : [];
}

function callsOf(statements: readonly ShellStatement[], functions: readonly CreateFunction[]): StoredCall[] {
  const makers = new Set(functions.map((one) => one.name));
  const calls = (list: readonly ShellStatement[], inside?: string): StoredCall[] =>
    list.flatMap((statement) => {
      const where = { statement, ...(inside === undefined ? {} : { inside }) };
      if (statement.kind === 'function')
        return inside !== undefined || makers.has(statement.name ?? '') ? [] : calls(statement.inner, statement.name);
      const commands =
        statement.kind === 'compound' ? allStatements([statement]).flatMap((one) => one.commands) : statement.commands;
      return commands
        .flatMap((command) => callOf(command, functions).map((call) => ({ ...call, ...where })))
        .filter((call) => call.name !== undefined || inside === undefined);
    });
  return calls(statements);
}

function callOf(command: ShellCommand, functions: readonly CreateFunction[]): Omit<StoredCall, 'statement'>[] {
  const [first, ...rest] = command.words;
  const maker = functions.find((one) => one.name === first?.raw);
  const named = (
    kind: StoredKind,
    raw: string | undefined,
    through?: string,
    prefix = '',
  ): Omit<StoredCall, 'statement'>[] => {
    const name = raw === undefined ? undefined : literalOf(raw);
    return [
      {
        kind,
        command,
        ...(name === undefined ? {} : { name: `${prefix}${name}` }),
        ...(through === undefined ? {} : { through }),
      },
    ];
  };
  if (maker) return named(maker.kind, rest[Math.max(maker.order.indexOf('name'), 0)]?.raw, maker.name, maker.prefix);
  const word = first?.raw ?? '';
  // A function that is defined elsewhere, in a file that the script reads.
  const guessed = /^(?:create|put|ensure|add|make|upsert)_(secret|param(?:eter)?|queue)(?:_\w+)?$/.exec(word)?.[1];
  if (guessed !== undefined)
    return named(
      guessed.startsWith('param') ? 'parameter' : guessed === 'queue' ? 'queue' : 'secret',
      rest[0]?.raw,
      word,
    );
  const verb = verbOf(command);
  return verb ? named(verb.kind, optionOf(command, NAME_OPTIONS)) : [];
}

/** The first step inwards that the script shows; two blanks where it shows none. */
function indentOf(statements: readonly ShellStatement[], text: string): string {
  for (const statement of statements)
    for (const inner of statement.inner) {
      const margin = /(?:^|\n)([ \t]+)$/.exec(text.slice(0, inner.start))?.[1];
      if (margin !== undefined && margin !== '') return margin;
    }
  return '  ';
}
