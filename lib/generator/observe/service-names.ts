/** What the services in Compose are called and which stack they run in, without all else that observeServices finds out: emitters ask it often. */
import type { Profile } from '../profile';
import type { Tree } from '../types';
import { readComposeFiles } from './compose-files';

export interface ServiceName {
  name: string;
  containerName?: string;
  /** Name of the stack in the profile; undefined for a service that only the root or an unnamed file has. */
  stack?: string;
}

/** Each service once; where it stands in several files, the stacks' word counts before the root's. */
export function serviceNames(tree: Tree, profile: Profile): ServiceName[] {
  const services = new Map<string, ServiceName>();
  for (const { stack, file } of readComposeFiles(tree, profile))
    for (const { name, containerName } of file.services)
      if (!services.has(name))
        services.set(name, {
          name,
          ...(containerName === undefined ? {} : { containerName }),
          ...(stack === undefined ? {} : { stack }),
        });
  return [...services.values()];
}
