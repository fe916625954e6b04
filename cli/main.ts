/**
 * The `slipway` command: the same plan as the portal makes, for a checkout, with neither server nor database. Run it as `npm run -s slipway -- …`.
 */
import { performance } from 'node:perf_hooks';
import { runCommand } from './run-command';

// A reader that stops early (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
// npm runs scripts in the project's folder and says where the person was.
process.exitCode = await runCommand(
  process.argv.slice(2),
  {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    clock: () => performance.now(),
  },
  process.env.INIT_CWD ?? process.cwd(),
);
