/** What a service's container is called: as the repository says it, else as the platform calls its containers. */
import { readComposeFiles } from './observe/compose-files';
import type { EmitContext } from './types';

/** The name in the tree, where the service stands in a Compose file already: a stack may have a prefix of its own. */
export function containerNameOf({
  manifest,
  profile,
  tree,
}: Pick<EmitContext, 'manifest' | 'profile' | 'tree'>): string {
  const written = readComposeFiles(tree, profile)
    .flatMap((place) => place.file.services)
    .find((service) => service.name === manifest.name);
  return written?.containerName ?? `${profile.naming.containerPrefix}${manifest.name}`;
}
