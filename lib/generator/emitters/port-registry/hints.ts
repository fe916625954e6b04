/** What the owner of a registry should know of an addition: hints that are out of date now, numbers outside the category's pool. */
import { formatPortRange, overlaps } from '@/lib/services/port-range';
import { listPools } from '../../observe/ports';
import { readRegistryFile } from '../../observe/registry-file';
import type { EmitContext, Finding } from '../../types';
import type { ParsedYaml } from '../../yaml/parse';
import type { Missing } from './obstacles';

/** Hints are never edited: who keeps them up decides what is next. */
export function staleHints({ manifest }: EmitContext, yaml: ParsedYaml): Finding[] {
  const registry = readRegistryFile(yaml);
  return registry.hints.flatMap((hint): Finding[] => {
    const range = { from: hint.port, to: hint.port };
    const own = manifest.ports.some((port) => port.external !== 'none' && overlaps(port.external, range));
    const owner = registry.ports.find((port) => overlaps(port.range, range))?.service;
    const pool = registry.pools.find((one) => one.name === hint.pool);
    const concerned =
      own || manifest.ports.some((port) => port.external !== 'none' && pool && overlaps(pool, port.external));
    if (!concerned || (!own && owner === undefined)) return [];
    const message = `The hint says that ${hint.port} is the next free port of ${hint.pool}; ${own ? manifest.name : owner} has it now. Hints are left as they are.`;
    return [{ kind: 'stale-hint', path: yaml.path, line: hint.line, message }];
  });
}

export function outsidePool(
  { manifest, profile, tree }: EmitContext,
  yaml: ParsedYaml,
  missing: readonly Missing[],
): Finding[] {
  const name = profile.categories[manifest.category]?.pool ?? manifest.category;
  const pool = listPools(tree, profile).find((one) => one.name === name);
  if (!pool) return [];
  return missing.flatMap(({ port }): Finding[] => {
    const range = port.external;
    if (range === 'none' || (pool.from <= range.from && range.to <= pool.to)) return [];
    const message = `${formatPortRange(range)} lies outside ${pool.name} (${pool.from}-${pool.to}), the pool of the category ${manifest.category}.`;
    return [{ kind: 'port-outside-range', path: yaml.path, message }];
  });
}
