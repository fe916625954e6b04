/**
 * `npm run bench`: measures what the README's numbers are about, part after part, all but `plan` on a local stack of their own. They print tables with the
 * aims beside the figures. Ends with code 1 where something was lost or there twice, or an aim was missed; the parts after it run all the same.
 * `npm run bench -- ports requests` runs those alone.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PARTS = ['plan', 'portal', 'ports', 'requests'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. The parts are ${PARTS.join(', ')}.`);
  process.exit(2);
}

const missed: string[] = [];
for (const part of wanted.length > 0 ? wanted : PARTS) if ((await run(part)) !== 0) missed.push(part);
console.log(missed.length === 0 ? '\nAll aims are kept.' : `\nNot as it should be: ${missed.join(', ')}.`);
process.exitCode = missed.length === 0 ? 0 : 1;

/** Each part has a process to itself: what one leaves in memory is not measured with the next. */
function run(part: string): Promise<number> {
  const program = fileURLToPath(new URL(`./${part}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
