/**
 * Runs an init script under a shell with a stand-in for `awslocal` and `aws` on its PATH: it keeps secrets, parameters, queues and topics as files
 * in a folder, answers as AWS does (what is there cannot be created again) and records every call. For tests only.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const STAND_IN = `#!/usr/bin/env bash
set -euo pipefail
state="$FAKE_AWS_STATE"
{ printf '%s\\x1f' "$@"; printf '\\x1e'; } >>"$state/calls"
declare -A option=()
words=()
while (($# > 0)); do
  case "$1" in
    --*=*) option["\${1%%=*}"]="\${1#*=}" ;;
    --overwrite) option[--overwrite]=yes ;;
    --*) option["$1"]="$2"; shift ;;
    *) words+=("$1") ;;
  esac
  shift
done
place() { echo "$state/$1/\${2//\\//%}"; }
name="\${option[--name]:-\${option[--secret-id]:-}}"
queue="\${option[--queue-name]:-\${option[--queue-url]:-}}"
queue="\${queue##*/}"
case "\${words[*]}" in
  'secretsmanager describe-secret') [[ -f "$(place secret "$name")" ]] || exit 254 ;;
  'secretsmanager create-secret')
    [[ -n "\${option[--secret-string]}" && ! -f "$(place secret "$name")" ]] || exit 254
    printf '%s' "\${option[--secret-string]}" >"$(place secret "$name")" ;;
  'secretsmanager put-secret-value')
    [[ -f "$(place secret "$name")" ]] || exit 254
    printf '%s' "\${option[--secret-string]}" >"$(place secret "$name")" ;;
  'ssm get-parameter') [[ -f "$(place parameter "$name")" ]] || exit 254 ;;
  'ssm put-parameter')
    [[ -n "\${option[--value]}" ]] && [[ -n "\${option[--overwrite]:-}" || ! -f "$(place parameter "$name")" ]] || exit 254
    [[ "$name" != */* || "$name" == /* ]] || exit 254
    printf '%s' "\${option[--value]}" >"$(place parameter "$name")" ;;
  'sqs create-queue') : >>"$(place queue "$queue")"; echo "http://localhost:4566/000000000000/$queue" ;;
  'sqs get-queue-attributes') [[ -f "$(place queue "$queue")" ]] || exit 254; echo "arn:aws:sqs:us-east-1:000000000000:$queue" ;;
  'sqs set-queue-attributes')
    [[ -f "$(place queue "$queue")" ]] || exit 254
    grep -qxF "\${option[--attributes]}" "$(place queue "$queue")" || echo "\${option[--attributes]}" >>"$(place queue "$queue")" ;;
  'sns create-topic') : >>"$(place topic "$name")"; echo "arn:aws:sns:us-east-1:000000000000:$name" ;;
  'sns subscribe')
    topic="$(place topic "\${option[--topic-arn]##*:}")"
    line="\${option[--protocol]} \${option[--notification-endpoint]} \${option[--attributes]}"
    [[ -f "$topic" ]] || exit 254
    grep -qxF "$line" "$topic" || echo "$line" >>"$topic" ;;
  *) echo 0 ;;
esac
`;

const kinds = ['secret', 'parameter', 'queue', 'topic'] as const;
type Kind = (typeof kinds)[number];

/** What the stand-in holds: by kind, each thing's name and what was put into it. */
export type FakeAwsState = Record<Kind, Record<string, string>>;

export class FakeAws {
  private readonly folder = mkdtempSync(join(tmpdir(), 'slipway-aws-'));

  constructor() {
    for (const kind of kinds) mkdirSync(join(this.folder, kind));
    mkdirSync(join(this.folder, 'bin'));
    for (const name of ['awslocal', 'aws']) {
      writeFileSync(join(this.folder, 'bin', name), STAND_IN);
      chmodSync(join(this.folder, 'bin', name), 0o755);
    }
  }

  /** Runs a script as LocalStack does, by its own first line; `sh` is the strictest there is. */
  run(script: string): { status: number | null; out: string } {
    const path = join(this.folder, 'init.sh');
    writeFileSync(path, script);
    const shell = /^#!.*\/sh\b/.test(script) ? 'sh' : 'bash';
    const result = spawnSync(shell, [path], {
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${join(this.folder, 'bin')}:${process.env.PATH ?? ''}`,
        FAKE_AWS_STATE: this.folder,
      },
    });
    if (result.error) throw result.error;
    return { status: result.status, out: `${result.stdout}${result.stderr}` };
  }

  state(): FakeAwsState {
    const read = (kind: Kind) =>
      Object.fromEntries(
        readdirSync(join(this.folder, kind))
          .sort()
          .map((file) => [file.replaceAll('%', '/'), readFileSync(join(this.folder, kind, file), 'utf8')]),
      );
    return { secret: read('secret'), parameter: read('parameter'), queue: read('queue'), topic: read('topic') };
  }

  /** What a person does by hand. */
  set(kind: Kind, name: string, value: string): void {
    writeFileSync(join(this.folder, kind, name.replaceAll('/', '%')), value);
  }

  /** The words of every call so far. */
  calls(): string[][] {
    const path = join(this.folder, 'calls');
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return text
      .split('\x1e')
      .slice(0, -1)
      .map((call) => call.split('\x1f').slice(0, -1));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs shellcheck over a script and gives what it found. @throws where there is no shellcheck: the tests prove nothing without it. */
export function shellcheck(script: string): string {
  const provided = fileURLToPath(new URL('../../../../.tools/bin/shellcheck', import.meta.url));
  const result = spawnSync(existsSync(provided) ? provided : 'shellcheck', ['-f', 'gcc', '-'], {
    encoding: 'utf8',
    input: script,
  });
  if (result.error)
    throw new Error('shellcheck is not here. `make test` provides it; by hand: put it on the PATH.', {
      cause: result.error,
    });
  return `${result.stdout}${result.stderr}`;
}
