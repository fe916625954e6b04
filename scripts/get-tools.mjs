// `make tools`: the programs that judge a change, in their pinned versions, into .tools/bin. The portal works without them and says "not run".
import { ensureCompose, ensureHelm, ensureShellcheck } from './tools.mjs';

const wanted = [
  ['Docker Compose', ensureCompose],
  ['shellcheck', ensureShellcheck],
  ['Helm', ensureHelm],
];
let missing = 0;
for (const [name, ensure] of wanted) {
  try {
    console.log(`  ${name.padEnd(15)} ${await ensure()}`);
  } catch (error) {
    missing += 1;
    console.error(`  ${name.padEnd(15)} ${error.message}`);
  }
}
process.exit(missing > 0 ? 1 : 0);
