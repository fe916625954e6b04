import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { sampleProfile, sampleTree } from '../test-sample';
import { SpiffeProfile } from '../profile/host';
import { Guesses } from './guess';
import { detectSpiffe } from './spiffe';

const config = (dir: string, socket = '/s/api.sock') =>
  `agent_address = "${socket}"\ncert_dir = "${dir}"\nsvid_file_name = "a"\nsvid_key_file_name = "b"\nsvid_bundle_file_name = "c"\n`;

describe('detectSpiffe', () => {
  it('finds on the sample what its own profile says', () => {
    const guesses = new Guesses();
    const tree = sampleTree();
    expect(SpiffeProfile.parse(detectSpiffe(tree, guesses))).toEqual(sampleProfile(tree).spiffe);
    expect(guesses.inferences.map((one) => one.key)).toContain('spiffe.helperName');
  });

  it('learns other names and places', () => {
    const compose = (name: string) =>
      `  ${name}-svid:\n    image: registry.test:5000/spiffe-helper:0.11.0\n    volumes:\n      - ./spiffe/${name}.conf:/h.conf:ro\n      - tls-${name}:/certs\n`;
    const tree = treeOf({
      'compose.yml': `services:\n  identity-agent:\n    image: ghcr.io/spiffe/spire-agent@sha256:00\n${compose('api-gate')}${compose('web')}`,
      'spiffe/api-gate.conf': config('/certs'),
      'spiffe/web.conf': config('/certs', '/other.sock'),
      'old/x.conf': config('/old'),
      'spire/entries.yaml': 'entries:\n  - selectors: []\n',
    });
    expect(detectSpiffe(tree, new Guesses())).toEqual({
      helperConfigs: 'spiffe',
      registration: 'spire/entries.yaml',
      certsPath: '/certs',
      socketPath: '/s/api.sock',
      agent: 'identity-agent',
      helperName: '{workload}-svid',
      helperFile: '{workload}.conf',
      certsVolume: 'tls-{workload}',
    });
  });

  it('takes the script that registers the workloads, not one that needs an entry for itself', () => {
    const entry = (id: string) => `spire-server entry create -spiffeID spiffe://acme.test/${id} -selector unix:uid:1\n`;
    const tree = treeOf({
      'helpers/web.conf': config('/certs'),
      'scripts/init.sh': entry('host'),
      'spire/init.sh': `workloads=(\n  "web:spiffe://acme.test/web"\n  "api:spiffe://acme.test/api"\n)\nspire-server entry create -spiffeID "$id"\n`,
      'zz.sh': `${entry('b')}# ${entry('c')}# ${entry('d')}`,
    });
    expect(detectSpiffe(tree, new Guesses())?.['registration']).toBe('spire/init.sh');
  });

  it('guesses nothing where there is none', () => {
    expect(detectSpiffe(treeOf({ 'a.conf': 'x = 1\n' }), new Guesses())).toBeUndefined();
  });
});
