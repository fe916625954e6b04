// The two SPIFFE checks on the sample repository: a sound change, and changes with one seeded fault that each has to catch by its name.
import { describe, expect, it } from 'vitest';
import { overlay, treeOf } from '../overlay';
import { planAddition } from '../plan';
import { resolvedSpec } from '../test-resolved-spec';
import { sampleProfile, sampleTree } from '../test-sample';
import type { Plan } from '../types';
import { checkInput } from './check';
import { hclValid } from './hcl-valid';
import { spiffeConsistent } from './spiffe-consistent';

const tree = sampleTree();
const profile = sampleProfile(tree);
const manifest = resolvedSpec(
  {
    name: 'livekit-egress',
    workload: 'egress',
    purpose: 'Records rooms',
    category: 'realtime',
    owner: 'realtime',
    security: { mtls: true },
    runtime: { source: { kind: 'image', image: 'livekit/egress:v1.9.0' }, compose: {} },
  },
  35,
);
const sound = planAddition({ manifest, profile, tree });

const config = 'config/spiffe-helper/egress-helper.conf';
const security = 'compose/docker-compose.security.yml';
const integrations = 'compose/docker-compose.integrations.yml';
const base = 'compose/docker-compose.base.yml';
const script = 'spire/init-spire.sh';

function withChange(path: string, change: (text: string) => string): Plan {
  let found = false;
  const files = sound.files.map((file) => {
    if (file.path !== path || file.after === null) return file;
    found = true;
    const after = change(file.after);
    expect(after).not.toBe(file.after);
    return { ...file, after };
  });
  expect(found).toBe(true);
  return { ...sound, files };
}

const inBlock = (text: string, from: string, to: string): string => {
  const start = text.indexOf('  egress-spiffe-helper:');
  const at = text.indexOf(from, start);
  expect(start === -1 || at === -1).toBe(false);
  return text.slice(0, at) + to + text.slice(at + from.length);
};

describe('HCL with allowed keys', () => {
  const run = (plan: Plan) => hclValid.run(checkInput({ plan, manifest, profile, tree }));

  it('passes what is sound, and says what it read', () => {
    expect(run(sound)).toMatchObject({ status: 'pass', detail: config });
  });

  it.each([
    ['cert_dir =', 'cert_dirr =', `${config}:5: spiffe-helper knows no key cert_dirr.`],
    ['cert_dir = "', 'cert_dir = ', /:5: The value is no text/],
    [
      'add_intermediates_to_bundle = true',
      'omit_expired = true',
      /:10: spiffe-helper knows omit_expired since 0\.11, and this one is 0\.10\./,
    ],
    ['svid_file_name = "svid.pem"\n', '', /go together/],
  ])('catches %j as %j', (from, to, expected) => {
    const verdict = run(withChange(config, (text) => text.replace(from, to)));
    expect(verdict.status).toBe('fail');
    if (typeof expected === 'string') expect(verdict.summary).toBe(expected);
    else expect(verdict.summary).toMatch(expected);
  });

  it('leaves old faults alone', () => {
    const broken = overlay(tree, new Map([['config/spiffe-helper/nats-helper.conf', 'oops = "x"\n']]));
    const files = [
      {
        path: 'config/spiffe-helper/nats-helper.conf',
        before: 'oops = "x"\n',
        after: 'oops = "x"\nhint = "y"\n',
        executable: false,
      },
    ];
    const verdict = hclValid.run(checkInput({ plan: { ...sound, files }, manifest, profile, tree: broken }));
    expect(verdict.status).toBe('pass');
  });
});

describe('SPIFFE helper and service', () => {
  const run = (plan: Plan) => spiffeConsistent.run(checkInput({ plan, manifest, profile, tree }));

  it('fit together in a sound change', () => {
    expect(run(sound)).toMatchObject({ status: 'pass', summary: expect.stringMatching(/^1 helper added/) as unknown });
  });

  it.each<[string, string, (text: string) => string, RegExp]>([
    [
      'the selector is the service’s label',
      script,
      (text) => text.replace('workload:egress-spiffe-helper', 'workload:egress'),
      /init-spire\.sh registers nothing with the selector egress-spiffe-helper/,
    ],
    ['the entry is commented out', script, (text) => text.replace('  "egress|', '  # "egress|'), /registers nothing/],
    [
      'the label is another helper’s',
      security,
      (text) => inBlock(text, 'workload: egress-spiffe-helper', 'workload: nats-spiffe-helper'),
      /has the label nats-spiffe-helper, and so has nats/,
    ],
    [
      'the helper mounts another volume',
      security,
      (text) => inBlock(text, 'egress_certs:/run', 'nats_certs:/run'),
      /egress-spiffe-helper writes to the volume nats_certs, which livekit-egress does not mount/,
    ],
    [
      'the service mounts none',
      integrations,
      (text) => text.replace(/ {4}volumes:\n {6}- egress_certs:.*\n/, ''),
      /writes to the volume egress_certs, which livekit-egress does not mount/,
    ],
    [
      'the configuration is not there',
      security,
      (text) => inBlock(text, 'egress-helper.conf', 'egres-helper.conf'),
      /mounts config\/spiffe-helper\/egres-helper\.conf, which is not there/,
    ],
    [
      'the configuration is not mounted',
      security,
      (text) => inBlock(text, '../config/spiffe-helper/egress-helper.conf', './egress-helper.conf'),
      /mounts no configuration from/,
    ],
    [
      'the certificates go elsewhere',
      config,
      (text) => text.replace('cert_dir = "/run/spire/certs"', 'cert_dir = "/certs"'),
      /cert_dir is \/certs, and egress-spiffe-helper mounts nothing/,
    ],
    [
      'the socket is elsewhere',
      config,
      (text) => text.replace('/run/spire/sockets/', '/tmp/'),
      /agent_address is \/tmp\/api\.sock/,
    ],
    [
      'the volume is declared twice',
      security,
      (text) => `${text}  egress_certs:\n`,
      /declares the volume egress_certs, and so does/,
    ],
    [
      'the volume is declared nowhere',
      base,
      (text) => text.slice(0, text.indexOf('  egress_certs:')),
      /does not declare the volume egress_certs/,
    ],
    [
      'the helper cannot be attested',
      security,
      (text) => inBlock(text, '<<: *spiffe-helper', 'image: ghcr.io/spiffe/spiffe-helper:0.10.1'),
      /has no pid: host/,
    ],
  ])('%s', (_, path, change, expected) => {
    const verdict = run(withChange(path, change));
    expect(verdict.status).toBe('fail');
    expect(verdict.detail).toMatch(expected);
  });

  it('do not without a helper', () => {
    const plan = { ...sound, files: sound.files.filter((file) => file.path !== security) };
    expect(run(plan)).toMatchObject({
      status: 'fail',
      summary: expect.stringMatching(/no Compose file has its helper/) as unknown,
    });
  });

  it('need the agent in the helper’s project, and one volume in both', () => {
    const files = {
      'a/compose.yml':
        'name: a\nservices:\n  app:\n    image: x:1\n    volumes: [app_certs:/run/spire/certs:ro]\nvolumes:\n  app_certs:\n',
      'b/compose.yml': 'name: b\nservices:\n  spire-agent:\n    image: y:1\n',
    };
    const helper =
      '  app-spiffe-helper:\n    image: spiffe-helper:0.10.1\n    volumes: [./h/app-helper.conf:/c, app_certs:/run/spire/certs]\n';
    const own = {
      ...profile,
      compose: {
        ...profile.compose,
        stacks: { a: 'a/compose.yml', b: 'b/compose.yml' },
        root: undefined,
        base: undefined,
      },
      spiffe: { ...profile.spiffe, helperConfigs: 'h', registration: undefined },
    } as typeof profile;
    const app = { ...manifest, name: 'app', workload: 'app' };
    const runWith = (path: string, after: string) => {
      const before = treeOf({ ...files, 'h/app-helper.conf': '' });
      const plan = { ...sound, files: [{ path, before: before.read(path) ?? '', after, executable: false }] };
      return spiffeConsistent.run(checkInput({ plan, manifest: app, profile: own, tree: before })).detail;
    };
    const inA = runWith('a/compose.yml', files['a/compose.yml'].replace('volumes:\n  app', `${helper}volumes:\n  app`));
    expect(inA).toMatch(/app-spiffe-helper is not in the project of the agent spire-agent/);
    const inB = runWith('b/compose.yml', `${files['b/compose.yml']}${helper}volumes:\n  app_certs:\n`);
    expect(inB).toMatch(
      /its volume app_certs is a_app_certs, and app-spiffe-helper writes to b_app_certs: they are two volumes/,
    );
  });
});
