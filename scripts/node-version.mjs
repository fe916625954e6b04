// Says in one sentence when Node is too old. Written for the oldest Node that can read a module.

const NEEDED = [20, 19];

/** Ends the process with a message when this Node is older than what package.json asks for. */
export function checkNode() {
  const have = process.versions.node.split('.').map(Number);
  if (have[0] > NEEDED[0] || (have[0] === NEEDED[0] && have[1] >= NEEDED[1])) return;
  console.error(
    'Slipway needs Node ' +
      NEEDED.join('.') +
      ' or newer; this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '). Get it from https://nodejs.org/en/download or with your version manager (nvm install 20).',
  );
  process.exit(1);
}
