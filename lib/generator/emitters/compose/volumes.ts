/** Declares the named volumes of a service: in its own file, or in the included base where that owns the volumes. Never twice. */
import type { ComposeFile } from '../../observe/compose-file';
import { sharedSegments, segments } from '../../observe/kinship';
import { readYaml } from '../../observe/read-yaml';
import type { EmitContext, FileEdit, Refusal } from '../../types';
import { insertMapEntries, insertMapEntry, toEdits, type InsertResult, type Splice } from '../../yaml/insert';
import { mapEntries, placeAt } from '../../yaml/locate';
import type { ParsedYaml } from '../../yaml/parse';
import { asRecord } from '../../yaml/read';
import type { YamlValue } from '../../yaml/render';
import { blankLinesBetween } from '../../yaml/style';
import { declares, type ComposeProject } from './target';

export interface VolumeEdits {
  /** For the service's own file, whose edits belong together. */
  splices: Splice[];
  /** For the included file that owns the volumes. */
  edits: FileEdit[];
  refusals: Refusal[];
}

/** The edits that declare the spec's volumes, as far as the project does not declare them yet. */
export function declareVolumes(context: EmitContext, yaml: ParsedYaml, project: ComposeProject): VolumeEdits {
  const result: VolumeEdits = { splices: [], edits: [], refusals: [] };
  const named = context.manifest.runtime.volumes.flatMap(({ source }) =>
    source.kind === 'volume' ? [source.name] : [],
  );
  const missing = [...new Set(named)].filter((name) => !declares(project, 'volumes', name));
  if (missing.length === 0) return result;
  const owner = volumeOwner(project);
  const target = owner.path === yaml.path ? yaml : readYaml(context.tree, owner.path);
  if (!target) return result;
  const inserted = insert(target, owner, missing);
  if (!inserted.ok) result.refusals.push(inserted.refusal);
  else if (target === yaml) result.splices.push(inserted.splice);
  else result.edits.push(...toEdits(owner.path, [inserted.splice]));
  return result;
}

/** The base owns the volumes where the file has none of its own and mounts some that the base declares as its own, not as external. */
function volumeOwner({ file, included }: ComposeProject): ComposeFile {
  if (file.volumes.size > 0) return file;
  const mounted = file.services.flatMap((service) => {
    const volumes = service.fields['volumes'];
    return Array.isArray(volumes)
      ? (volumes as unknown[]).map((one) => (typeof one === 'string' ? one.split(':')[0] : ''))
      : [];
  });
  const owner = included.find((one) =>
    [...one.volumes].some(([name, value]) => mounted.includes(name) && asRecord(value)?.['external'] !== true),
  );
  return owner ?? file;
}

function insert(yaml: ParsedYaml, file: ComposeFile, names: readonly string[]): InsertResult {
  const value = usualDeclaration(file);
  const additions = names.map((name): [string, YamlValue] => [name, value]);
  const place = placeAt(yaml, ['volumes']);
  if (place.kind === 'absent') {
    const root = placeAt(yaml, []);
    const blankLines = root.kind === 'map' ? (blankLinesBetween(yaml, mapEntries(yaml, root.node)) ?? 1) : 1;
    return insertMapEntry(yaml, [], 'volumes', Object.fromEntries(additions), { blankLines });
  }
  const after =
    place.kind === 'map'
      ? nearest(
          place.entries.map((entry) => String(entry.key)),
          names[0] ?? '',
        )
      : undefined;
  return insertMapEntries(yaml, ['volumes'], additions, after === undefined ? {} : { after });
}

/** Volumes are declared by their name alone, or with `driver: local` where that is how all of them are. */
function usualDeclaration(file: ComposeFile): YamlValue {
  const own = [...file.volumes.values()].filter((value) => asRecord(value)?.['external'] !== true);
  const local = own.every((value) => {
    const record = asRecord(value);
    return record !== undefined && Object.keys(record).length === 1 && record['driver'] === 'local';
  });
  return own.length > 0 && local ? { driver: 'local' } : null;
}

/** The volume most like the new one: by the start of its name, else by its end (`_data`, `_certs`); of equals the last. */
function nearest(keys: readonly string[], name: string): string | undefined {
  const ending = segments(name).at(-1);
  let best: { key: string; score: number } | undefined;
  for (const key of keys) {
    const score = 2 * sharedSegments(key, name) + (segments(key).at(-1) === ending ? 1 : 0);
    if (!best || score >= best.score) best = { key, score };
  }
  return best?.key;
}
