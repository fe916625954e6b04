/** The service's entries in the port registry's list, as they stand now. */
import { readYaml } from '../../observe/read-yaml';
import type { EmitContext, Ownership } from '../../types';
import { asList, asRecord } from '../../yaml/read';
import { isOwnName } from '../taken-ports';
import { readListedPort } from './fields';

export function owned({ manifest, profile, tree }: EmitContext): Ownership {
  const path = profile.ports?.registry;
  const root = readYaml(tree, path)?.toJs();
  if (path === undefined || root === undefined) return { parts: [] };
  const section = profile.ports?.section ?? 'ports';
  const at = asList(root) ? [] : [section];
  const list = asList(root) ?? asList(asRecord(root)?.[section]) ?? [];
  return {
    parts: list.flatMap((item, index) => {
      const entry = asRecord(item);
      const port = entry && readListedPort(entry, index);
      return port && isOwnName(port.service, manifest, profile) ? [{ kind: 'yaml', path, at: [...at, index] }] : [];
    }),
  };
}
