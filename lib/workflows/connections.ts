/** The connections of this process to the systems outside, as the environment names them. Made at the first use. */
import { createGitHub, type GitHub } from '@/lib/adapters/github/client';
import { createTracker, type Tracker } from '@/lib/adapters/notion/client';
import { env, gitHubSettings } from '@/lib/env';
import { gitHubWatch } from './github-limits';

let gitHub: GitHub | undefined;
let alone: GitHub | undefined;
let notion: Tracker | undefined;

/** The platform repository's GitHub, within the limits that all portals and workers know of. */
export function github(): GitHub {
  gitHub ??= createGitHub(gitHubSettings(), { watch: gitHubWatch });
  return gitHub;
}

/** The same without a database, which the command line has not: it asks for nothing of the environment but where GitHub is. */
export function githubAlone(): GitHub {
  alone ??= createGitHub(gitHubSettings());
  return alone;
}

/** The tracker; undefined where none is configured. */
export function tracker(): Tracker | undefined {
  const config = env().notion;
  if (!config) return undefined;
  notion ??= createTracker(config);
  return notion;
}
