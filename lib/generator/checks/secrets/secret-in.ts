/**
 * Finds secrets in lines that are added. What was found is named by its kind and never repeated: the answer stands in pull requests and logs, too.
 */
import { assignedSecretIn, isSecretName, isSecretValue } from './assignments';
import { knownShapeIn } from './known-shapes';
import { hasRandomWord } from './random-words';

/** What a line seems to hold, as `a GitHub token`; undefined where nothing of it is suspicious. */
export function secretIn(line: string): string | undefined {
  return knownShapeIn(line) ?? assignedSecretIn(line) ?? (hasRandomWord(line) ? 'a random key' : undefined);
}

export interface FoundSecret {
  /** Counted from 1. */
  line: number;
  what: string;
}

const PUBLIC_BLOCK = /-----BEGIN (?:[A-Z0-9]+ )*(?:CERTIFICATE|PUBLIC KEY|CERTIFICATE REQUEST|X509 CRL|DH PARAMETERS)/;
const PRIVATE_BLOCK = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY/;
const END = /-----END /;

/**
 * The secrets in the added lines of a file.
 * @param lines every line as it is afterwards, since what a line means may stand in the one above it: a certificate's block, a variable's name.
 */
export function secretsIn(lines: readonly { text: string; isAdded: boolean }[]): FoundSecret[] {
  const found: FoundSecret[] = [];
  let block: 'public' | 'private' | undefined;
  let name: string | undefined;
  lines.forEach(({ text, isAdded }, index) => {
    if (block !== undefined) {
      if (END.test(text)) block = undefined;
      return;
    }
    const opens = PUBLIC_BLOCK.test(text) ? 'public' : PRIVATE_BLOCK.test(text) ? 'private' : undefined;
    const what = isAdded && opens !== 'public' ? (secretIn(text) ?? namedValueIn(text, name)) : undefined;
    if (opens !== undefined && !END.test(text)) block = opens;
    if (what !== undefined) found.push({ line: index + 1, what });
    const named = /^\s*(?:-\s+)?["']?(?:name|key)["']?\s*:\s*["']?([\w.-]+)["']?,?\s*$/.exec(text)?.[1];
    name = named !== undefined && isSecretName(named) ? named : undefined;
  });
  return found;
}

/** `value: …` below `name: DB_PASSWORD`, as Kubernetes writes variables. */
function namedValueIn(text: string, name: string | undefined): string | undefined {
  const value = /^\s*(?:-\s+)?["']?value["']?\s*:\s*(.+?)\s*$/.exec(text)?.[1];
  return value !== undefined && name !== undefined && isSecretValue(name, value) ? 'the value of a secret' : undefined;
}
