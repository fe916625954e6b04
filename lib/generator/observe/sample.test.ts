import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Profile } from '../profile';
import type { Tree } from '../types';
import { observeFindings } from './findings';
import { observeHosts } from './hosts';
import { listPools, observePorts } from './ports';
import { observeServices } from './services';

const root = fileURLToPath(new URL('../../../local/platform/', import.meta.url));
const files = new Map(
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replace(/\/+/g, '/'))
    .map((path) => [path.slice(root.length), readFileSync(path, 'utf8')]),
);
const sample: Tree = { paths: [...files.keys()].sort(), read: (path) => files.get(path) };
const profile = Profile.parse(parse(files.get('slipway.yaml') ?? ''));

describe('the sample repository, observed', () => {
  it('has the old faults that people know of', () => {
    const told = observeFindings(sample, profile).map((finding) => `${finding.kind}: ${finding.message}`);
    for (const fault of [
      /^duplicate-port: m2c-ui has 3001, and so has langfuse/,
      /^port-outside-range: m2c of work has 3001, outside work_api/,
      /^port-outside-range: openbao of platform has 8200, inside work_api/,
      /^stale-hint: .* 8209 is the next free port of work_api, but m2c-reports has it/,
      /^shared-domain: crm_bridge \(work\) claims crm.ravenhelm.test/,
      /^unregistered-port: traefik publishes 8088/,
      /^port-published-twice: tinycrm publishes 8090, and so does redpanda-console/,
      /^undefined-name: The router saaa-admin uses the middleware saaa-basic-auth/,
    ])
      expect(told.filter((finding) => fault.test(finding))).toHaveLength(1);
  });

  it('counts neither backups nor what is commented out', () => {
    const paths = new Set(observePorts(sample, profile).map((port) => port.path));
    expect([...paths].filter((path) => /bak|legacy|example|tmpl/.test(path))).toEqual([]);
    const names = observeServices(sample, profile).map((service) => service.name);
    expect(names).not.toContain('pgbouncer');
    expect(names.length).toBeGreaterThan(40);
    expect(observeHosts(sample, profile).map((one) => one.host)).not.toContain('rerank.ravenhelm.test');
    expect(listPools(sample, profile).find((pool) => pool.name === 'realtime')).toMatchObject({ from: 7880, to: 7919 });
  });

  it('is read without an exception however its files are cut off', () => {
    const broken = [profile.ports?.registry ?? '', profile.compose?.root ?? '', profile.traefik?.dynamic ?? ''];
    fc.assert(
      fc.property(fc.constantFrom(...broken), fc.double({ min: 0, max: 1, noNaN: true }), (path, share) => {
        const text = files.get(path) ?? '';
        const cut = text.slice(0, Math.floor(text.length * share));
        const tree: Tree = { ...sample, read: (one) => (one === path ? cut : files.get(one)) };
        observeFindings(tree, profile);
        observeServices(tree, profile);
        observeHosts(tree, profile);
      }),
      { numRuns: 30 },
    );
  });
});
