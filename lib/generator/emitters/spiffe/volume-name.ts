/** What Docker calls a volume that a Compose project mounts. */
import { asRecord, asText } from '../../yaml/read';
import { projectNameOf } from '../compose/certs-volume';
import type { ComposeProject } from '../compose/target';

/** The name on the host: the one that the declaration says, the key of an external volume, else with the project's name in front. */
export function certsFullName({ file, included }: ComposeProject, volume: string): string {
  const declaration = [file, ...included]
    .map((one) => asRecord(one.volumes.get(volume)))
    .find((one) => one !== undefined);
  const external = declaration?.['external'];
  const said = asText(declaration?.['name']) ?? asText(asRecord(external)?.['name']);
  if (said !== undefined) return said;
  if (external !== undefined && external !== false) return volume;
  const project = projectNameOf(file);
  return project === undefined ? volume : `${project}_${volume}`;
}
