/** Specs for the generator's tests, written the way people write them. */
import { Manifest, type ManifestInput } from '@/lib/services/manifest';
import type { ResolvedManifest } from './types';

/** A spec with its `auto` ports counted up from 18000, resolved on a fixed day. */
export function resolvedSpec(input: ManifestInput, runbook?: number): ResolvedManifest {
  const manifest = Manifest.parse(input);
  let next = 18_000;
  return {
    ...manifest,
    ports: manifest.ports.map((port) => {
      if (port.external !== 'auto') return { ...port, external: port.external };
      const from = next;
      next += port.internal.to - port.internal.from + 1;
      return { ...port, external: { from, to: next - 1 } };
    }),
    ...(runbook === undefined ? {} : { runbook: { number: runbook } }),
    date: '2026-11-03',
  };
}
