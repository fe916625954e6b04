/** The commands of `slipway`: what they are called with, what they print, which exit code they give. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleSpec } from './example-spec';
import { exitCodes } from './exit-codes';
import { planActions } from '@/lib/generator/types';
import { checkLevels, planFormats, runPlan, type PlanCommand, type Streams } from './plan';
import { publishedSchema } from './schema';
import { UsageError } from './usage-error';
import { runVerify, type VerifyCommand } from './verify';

const help = `slipway: describe a service, get the change set that puts it on the platform.

  slipway plan --repo DIR --spec FILE [--action add|remove|change] [--before FILE]
               [--format summary|patch|json] [--checks all|fast|none] [--date YYYY-MM-DD]
      The change set for a checkout of the platform repository. FILE is YAML or JSON; - reads standard input.
      --action  add        put the service there (default)
                remove     take it out; FILE is the spec that it was last planned from
                change     make it what FILE says; --before is the spec that it was last planned from
      --format  summary    what would change, and the checks (default)
                patch      a patch for \`git apply\`
                json       everything, for programs; what Helm renders too
      --checks  all        also by Docker Compose, Helm and shellcheck, where they are (default)
                fast       those that need no other program
                none
  slipway verify --pr N [--repo DIR] [--spec FILE]
  slipway verify --repo DIR --base TARGET --head REV --body FILE [--spec FILE]
      Computes a pull request's change set again from the record in its body, or from the resolved spec in FILE (JSON), and
      compares its digest and every byte on its branch. The commit that the record names must be the one where the branch
      left its target branch. --pr reads GitHub, as GITHUB_REPOSITORY and GITHUB_TOKEN (or the App's) say, and the two commits
      from DIR where it is given. Without --pr nothing but the checkout is read: TARGET is the branch to merge into, as the server has it
      (origin/main, fetched), or after the merge the commit before it.
  slipway schema [--profile]
      JSON Schema of the spec, or of the platform's slipway.yaml.
  slipway example
      An annotated spec to start from.

Exit codes: 0 planned (nothing to do gives an empty patch) or verified, 1 wrong use, unreadable file or failed check, 2 spec or
profile invalid, 3 conflict over a name, port or host, 4 a file cannot be edited safely (what to paste is printed), 5 a pull
request is not what its record gives.
`;

/**
 * Runs one command.
 * @param startFolder where relative paths start.
 * @returns the exit code; what cannot be run as typed is told on stderr.
 */
export async function runCommand(args: readonly string[], streams: Streams, startFolder: string): Promise<number> {
  try {
    return await dispatch(args, streams, startFolder);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.err(`slipway: ${error.message}\nSee: npm run -s slipway -- --help\n`);
    return exitCodes.failed;
  }
}

async function dispatch(args: readonly string[], streams: Streams, startFolder: string): Promise<number> {
  const [command, ...rest] = args;
  if (
    command === undefined ||
    command === '--help' ||
    command === '-h' ||
    command === 'help' ||
    rest.includes('--help') ||
    rest.includes('-h')
  ) {
    streams.out(help);
    return command === undefined ? exitCodes.failed : exitCodes.done;
  }
  switch (command) {
    case 'plan':
      return runPlan(planCommand(rest, startFolder), streams);
    case 'verify':
      return runVerify(verifyCommand(rest, startFolder), streams);
    case 'schema': {
      const values = parse(rest, { profile: { type: 'boolean' } });
      streams.out(`${JSON.stringify(publishedSchema(values.profile ? 'profile' : 'spec'), null, 2)}\n`);
      return exitCodes.done;
    }
    case 'example':
      parse(rest, {});
      streams.out(exampleSpec);
      return exitCodes.done;
    default:
      throw new UsageError(`There is no command ${command}.`);
  }
}

function planCommand(args: string[], startFolder: string): PlanCommand {
  const values = parse(args, {
    repo: { type: 'string' },
    spec: { type: 'string' },
    action: { type: 'string' },
    before: { type: 'string' },
    format: { type: 'string' },
    checks: { type: 'string' },
    date: { type: 'string' },
  });
  if (!values.repo) throw new UsageError('Say which checkout to plan for: --repo DIR.');
  if (!values.spec)
    throw new UsageError('Say which service to plan: --spec FILE. `slipway example` prints one to start from.');
  const action = oneOf(planActions, 'action', values.action ?? 'add');
  if (action === 'change' && !values.before)
    throw new UsageError('Say what the service was last planned from: --before SPEC goes with --action change.');
  if (action !== 'change' && values.before) throw new UsageError('--before SPEC goes with --action change alone.');
  const date = values.date ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))
    throw new UsageError(`${date} is not a day: write it as 2026-11-03.`);
  const file = (path: string) => (path === '-' ? '-' : resolve(startFolder, path));
  return {
    action,
    repo: resolve(startFolder, values.repo),
    spec: file(values.spec),
    ...(values.before ? { before: file(values.before) } : {}),
    format: oneOf(planFormats, 'format', values.format ?? 'summary'),
    checks: oneOf(checkLevels, 'level of checks', values.checks ?? 'all'),
    date,
  };
}

function verifyCommand(args: string[], startFolder: string): VerifyCommand {
  const values = parse(args, {
    pr: { type: 'string' },
    repo: { type: 'string' },
    base: { type: 'string' },
    head: { type: 'string' },
    body: { type: 'string' },
    spec: { type: 'string' },
  });
  const spec = values.spec ? { spec: resolve(startFolder, values.spec) } : {};
  if (values.pr !== undefined) {
    const number = Number(values.pr);
    if (!Number.isInteger(number) || number < 1) throw new UsageError(`${values.pr} is no number of a pull request.`);
    if (values.base || values.head || values.body)
      throw new UsageError('--pr N reads body, base and head from GitHub: leave --base, --head and --body out.');
    return { from: 'github', number, ...spec, ...(values.repo ? { repo: resolve(startFolder, values.repo) } : {}) };
  }
  if (!values.repo || !values.body || !values.head)
    throw new UsageError(
      'Say which pull request: --pr N, or --repo DIR --base TARGET --head REV --body FILE without GitHub.',
    );
  if (!values.base)
    throw new UsageError('Say which branch it goes into: --base TARGET, as origin/main. The body is not asked for it.');
  return {
    from: 'checkout',
    repo: resolve(startFolder, values.repo),
    head: values.head,
    body: resolve(startFolder, values.body),
    base: values.base,
    ...spec,
  };
}

function oneOf<T extends string>(known: readonly T[], what: string, said: string): T {
  const found = known.find((one) => one === said);
  if (found === undefined) throw new UsageError(`There is no ${what} ${said}: choose ${known.join(', ')}.`);
  return found;
}

function parse<T extends Record<string, { type: 'string' | 'boolean' }>>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
