/** The commands of `slipway`: what they are called with, what they print, which exit code they give. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleSpec } from './example-spec';
import { exitCodes } from './exit-codes';
import { planFormats, runPlan, type Streams } from './plan';
import { publishedSchema } from './schema';
import { UsageError } from './usage-error';

const help = `slipway: describe a service, get the change set that puts it on the platform.

  slipway plan --repo DIR --spec FILE [--format summary|patch|json] [--date YYYY-MM-DD]
      The change set for a checkout of the platform repository. FILE is YAML or JSON; - reads standard input.
      summary  what would change, and the checks (default)
      patch    a patch for \`git apply\`
      json     everything, for programs
  slipway schema [--profile]
      JSON Schema of the spec, or of the platform's slipway.yaml.
  slipway example
      An annotated spec to start from.

Exit codes: 0 planned (nothing to do gives an empty patch), 1 wrong use, unreadable file or failed check, 2 spec or profile invalid,
3 conflict over a name, port or host, 4 a file cannot be edited safely (what to paste is printed).
`;

/**
 * Runs one command.
 * @param startFolder where relative paths start.
 * @returns the exit code; what cannot be run as typed is told on stderr.
 */
export function runCommand(args: readonly string[], streams: Streams, startFolder: string): number {
  try {
    return dispatch(args, streams, startFolder);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.err(`slipway: ${error.message}\nSee: npm run -s slipway -- --help\n`);
    return exitCodes.failed;
  }
}

function dispatch(args: readonly string[], streams: Streams, startFolder: string): number {
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
    case 'plan': {
      const values = parse(rest, {
        repo: { type: 'string' },
        spec: { type: 'string' },
        format: { type: 'string' },
        date: { type: 'string' },
      });
      if (!values.repo) throw new UsageError('Say which checkout to plan for: --repo DIR.');
      if (!values.spec)
        throw new UsageError('Say which service to plan: --spec FILE. `slipway example` prints one to start from.');
      const format = planFormats.find((one) => one === (values.format ?? 'summary'));
      if (!format) throw new UsageError(`There is no format ${values.format ?? ''}: choose ${planFormats.join(', ')}.`);
      const date = values.date ?? new Date().toISOString().slice(0, 10);
      if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))
        throw new UsageError(`${date} is not a day: write it as 2026-11-03.`);
      const spec = values.spec === '-' ? '-' : resolve(startFolder, values.spec);
      return runPlan({ repo: resolve(startFolder, values.repo), spec, format, date }, streams);
    }
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

function parse<T extends Record<string, { type: 'string' | 'boolean' }>>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
