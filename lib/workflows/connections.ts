/** The connections of this process to the systems outside, as the environment names them. Made at the first use. */
import { createGitHub, type GitHub } from '@/lib/adapters/github/client';
import { createTracker, type Tracker } from '@/lib/adapters/notion/client';
import { env, gitHubSettings } from '@/lib/env';

let gitHub: GitHub | undefined;
let notion: Tracker | undefined;

/** The platform repository's GitHub. It asks for nothing else of the environment, so that the command line needs no more. */
export function github(): GitHub {
  gitHub ??= createGitHub(gitHubSettings());
  return gitHub;
}

/** The tracker; undefined where none is configured. */
export function tracker(): Tracker | undefined {
  const config = env().notion;
  if (!config) return undefined;
  notion ??= createTracker(config);
  return notion;
}
