import { describe, expect, it } from 'vitest';
import { planAddition } from '@/lib/generator/plan';
import { resolveFromTree } from '@/lib/generator/resolve';
import { sampleProfile, sampleTree } from '@/lib/generator/test-sample';
import { Manifest } from '@/lib/services/manifest';
import { databaseAgrees } from './database-agrees';

const tree = sampleTree();
const profile = sampleProfile(tree);
const registry = profile.ports?.registry ?? '';

/** A service with a range of UDP ports; with a host it stands in its group too, which repeats the range without a protocol. */
function judge(host: boolean, tamper: (text: string) => string = (text) => text) {
  const manifest = Manifest.parse({
    name: 'media-relay',
    purpose: 'Relays media',
    category: 'realtime',
    owner: 'realtime',
    ports: [
      { name: 'http', internal: 7000, why: 'API' },
      { name: 'rtc', protocol: 'udp', internal: '7894-7897', external: '7900-7903', why: 'Media' },
    ],
    runtime: { source: { kind: 'image', image: 'example/relay:1' }, compose: {} },
    ...(host ? { routing: { host: 'media-relay.ravenhelm.test' } } : {}),
    docs: { runbook: false },
  });
  const { resolved } = resolveFromTree(manifest, profile, tree, { date: '2026-11-03' });
  const planned = planAddition({ manifest: resolved, profile, tree });
  const files = planned.files.map((file) =>
    file.path === registry && file.after !== null ? { ...file, after: tamper(file.after) } : file,
  );
  const ports = resolved.ports.flatMap(({ protocol, external }) =>
    external === 'none' ? [] : [{ protocol, range: external }],
  );
  const hosts = host ? ['media-relay.ravenhelm.test/', 'media-relay.ravenhelm.dev/'] : [];
  return databaseAgrees(
    { plan: { ...planned, files }, manifest: resolved, profile, tree },
    { ports, hosts, runbookNumbers: [] },
  );
}

describe('what the portal holds and what the files publish', () => {
  it('agree where a group repeats a range of UDP ports without saying the protocol', () => {
    expect(judge(true).detail).not.toContain('publishes');
  });

  it('do not agree where the registry gives the number another protocol', () => {
    expect(judge(false).status).toBe('pass');
    const wrong = judge(false, (text) => text.replace(/(port: 7900-7903\n.*\n\s+protocol: )udp/, '$1tcp'));
    expect(wrong).toMatchObject({ status: 'fail' });
    expect(wrong.detail).toContain('7900-7903/tcp, which the portal does not hold');
  });
});
