// The entry of `npm test` and `make test`. Plain enough for an old Node, which is told in a sentence that it is too old.
import { checkNode } from './node-version.mjs';

checkNode();
import('./check-everything.mjs').catch((error) => {
  console.error(error);
  process.exit(1);
});
