/**
 * No secret's value in what is added: shapes of known keys, values under names that say so, long strings of high entropy; and no variable of the
 * spec that is called a secret and holds a value. A value that was found is never repeated, not even in the report.
 */
import { countLines, diffFile } from '../line-diff';
import { plural, verdict, type Check, type CheckInput } from './check';
import { isSecretName } from './secrets/assignments';
import { secretsIn } from './secrets/secret-in';

export const secretsByName: Check = {
  id: 'secrets-by-name',
  name: 'Secrets by name only',
  run(input) {
    const faults = variablesWithValues(input);
    let lines = 0;
    for (const file of input.plan.files) {
      const changes = diffFile(file).filter((change) => change.kind !== 'removed');
      lines += countLines(changes).added;
      const found = secretsIn(
        changes.flatMap(({ kind, lines: texts }) => texts.map((text) => ({ text, isAdded: kind === 'added' }))),
      );
      for (const { line, what } of found)
        faults.push(
          `${file.path}:${line} holds what looks like ${what}. Keep it in the secret store and give its name.`,
        );
    }
    return verdict(faults, `${plural(lines, 'added line')} read: no key, no password, no random string.`);
  },
};

function variablesWithValues({ manifest }: CheckInput): string[] {
  return manifest.runtime.environment.flatMap((variable, index) =>
    isSecretName(variable.name) && !isHarmless(variable.value)
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
