/** Charts on disk and what the real Helm makes of them, for the tests of this emitter. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Profile } from '../../profile';
import { treeOf } from '../../overlay';
import { runHelm } from '../../test-helm';
import { faultsOf, parseObjects, type KubernetesObject } from '../../test-kubernetes';
import type { ResolvedManifest } from '../../types';
import { helmChartEmitter } from './emit';

/** A folder of its own; `remove` takes it away again. */
export function chartFolderOnDisk(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-chart-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Writes the chart of a spec below `folder`, in place of what is there, and gives its path. */
export function writeChart(folder: string, manifest: ResolvedManifest, profile: Profile): string {
  rmSync(join(folder, 'charts', manifest.name), { recursive: true, force: true });
  for (const edit of helmChartEmitter.emit({ manifest, profile, tree: treeOf({}) }).edits) {
    mkdirSync(dirname(join(folder, edit.path)), { recursive: true });
    writeFileSync(join(folder, edit.path), edit.text);
  }
  return join(folder, 'charts', manifest.name);
}

/** The objects of a rendered chart; every one of them is held against its schema. */
export function renderChecked(chart: string, release: string, ...args: string[]): KubernetesObject[] {
  const { status, out } = runHelm(['template', release, chart, ...args]);
  expect(status === 0 ? '' : out, `helm template ${args.join(' ')}`).toBe('');
  const objects = parseObjects(out);
  expect(objects.flatMap(faultsOf)).toEqual([]);
  return objects;
}

/** The only object of a kind. @throws where there is none or more than one. */
export function only(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} objects of kind ${kind}`);
  return found[0];
}
