/**
 * No secret's value in what is added: shapes of known keys, long strings of high entropy, and variables that are called a secret and hold a value.
 * A value that was found is never repeated, not even in the report.
 */
import { countLines, diffFile } from '../line-diff';
import { plural, verdict, type Check, type CheckInput } from './check';

const KNOWN_KEYS: readonly (readonly [string, RegExp])[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,})/],
  ['a GitLab token', /\bgl(?:pat|ptt|rt|dt)-[A-Za-z0-9_-]{16,}/],
  ['a Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/],
  ['an OpenAI or Anthropic key', /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}/],
  ['a Stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}/],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{30,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a Notion token', /\b(?:secret_[A-Za-z0-9]{40,}|ntn_[A-Za-z0-9]{40,})/],
  ['a SendGrid key', /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY/],
  ['a signed token', /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}/],
  ['a password in an address', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@${}]*:[^\s/@${}]{3,}@/i],
];

const SECRET_NAME = /(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

export const secretsByName: Check = {
  id: 'secrets-by-name',
  name: 'Secrets by name only',
  run(input) {
    const faults = [...variablesWithValues(input)];
    let lines = 0;
    for (const file of input.plan.files) {
      const changes = diffFile(file);
      lines += countLines(changes).added;
      let number = 0;
      for (const change of changes)
        for (const line of change.lines) {
          if (change.kind !== 'removed') number += 1;
          if (change.kind !== 'added') continue;
          const what = secretIn(line);
          if (what !== undefined)
            faults.push(
              `${file.path}:${number} holds what looks like ${what}. Keep it in the secret store and give its name.`,
            );
        }
    }
    return verdict(faults, `${plural(lines, 'added line')} read: no key, no password, no random string.`);
  },
};

function variablesWithValues({ manifest, plan }: CheckInput): string[] {
  // What goes is no longer anybody's to correct.
  if (plan.action === 'remove') return [];
  return manifest.runtime.environment.flatMap((variable, index) =>
    SECRET_NAME.test(variable.name) && !isHarmless(variable.value)
      ? [
          `runtime.environment.${index}: ${variable.name} is called a secret and holds a value. Put its name into security.secrets instead.`,
        ]
      : [],
  );
}

/** Empty, a number or a flag, a reference to a variable, or a path to a file. */
function isHarmless(value: string): boolean {
  return /^(?:|\d{1,6}|true|false|\$\{[^}]*\}|\/[\w./-]*)$/i.test(value.trim());
}

/** What a line seems to hold; undefined where nothing of it is suspicious. */
export function secretIn(line: string): string | undefined {
  const known = KNOWN_KEYS.find(([, shape]) => shape.test(line));
  if (known) return known[0];
  // A digest pins an image and is public.
  const text = line.replace(/sha(?:256|384|512)[:-][A-Za-z0-9+/=]+/g, ' ');
  for (const [word] of text.matchAll(/[A-Za-z0-9+/_=-]{20,}/g)) if (isRandom(word)) return 'a random key';
  return undefined;
}

/** Long, and without the regularity of words, paths and numbers. */
function isRandom(word: string): boolean {
  const bare = word.replace(/=+$/, '');
  if (/^[0-9a-f]+$/i.test(bare))
    return bare.length >= 32 && /[0-9]/.test(bare) && /[a-f]/i.test(bare) && entropy(bare) > 3;
  if (!/[a-z]/.test(bare) || !/[A-Z]/.test(bare) || !/[0-9]/.test(bare)) return false;
  // Names are words between separators; in a key letters and digits, small and capital, stand mixed within a piece.
  const pieces = bare.split(/[/_=+-]+/);
  const mixed = pieces.filter(isMixed).join('');
  return pieces.some((piece) => piece.length >= 16 && isMixed(piece) && entropy(piece) >= 3.6)
    ? true
    : bare.length >= 32 && mixed.length >= bare.length * 0.6 && entropy(bare) >= 4;
}

/** Letters next to digits more than once, or capitals in the middle more than once. */
function isMixed(piece: string): boolean {
  const digits = piece.match(/[A-Za-z][0-9]|[0-9][A-Za-z]/g)?.length ?? 0;
  const capitals = piece.match(/[a-z][A-Z]/g)?.length ?? 0;
  return digits >= 2 || (capitals >= 2 && digits >= 1) || capitals >= 3;
}

/** Shannon's, in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return -[...counts.values()].reduce((sum, count) => sum + (count / text.length) * Math.log2(count / text.length), 0);
}
