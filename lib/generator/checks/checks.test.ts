// Each check against a sound change, and against changes with one seeded fault that it, by its name, has to catch.
import { describe, expect, it } from 'vitest';
import { digestOf } from '../digest';
import { treeOf } from '../overlay';
import { Profile } from '../profile';
import { resolvedSpec } from '../test-resolved-spec';
import type { FileChange, Plan, ResolvedManifest } from '../types';
import { checks, runChecks } from './index';
import { secretIn } from './secrets/secret-in';

const profile = Profile.parse({
  platform: { name: 'x', domain: 'x.test' },
  naming: { containerPrefix: 'px-' },
  ports: { registry: 'ports.yaml' },
  compose: { stacks: { main: 'compose/docker-compose.main.yml' }, defaultStack: 'main' },
  traefik: { dynamic: 'dynamic.yml' },
  runbooks: { folder: 'docs', catalog: 'catalog.md' },
  helm: { charts: 'charts' },
});
const manifest = resolvedSpec(
  {
    name: 'relay',
    purpose: 'Relays',
    category: 'media',
    owner: 'o',
    ports: [{ name: 'http', internal: 80, external: 7881, why: 'w' }],
    runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
    routing: { host: 'relay.x.test' },
  },
  8,
);

/** Old faults included: a port published twice, a router without its service. */
const base = {
  'ports.yaml': 'ports:\n  - port: 7880\n    service: livekit\n  - port: 7880\n    service: twin\n',
  'compose/docker-compose.base.yml': 'networks:\n  net: {}\nvolumes:\n  shared: {}\n',
  'compose/docker-compose.main.yml':
    'include:\n  - docker-compose.base.yml\nservices:\n  livekit:\n    image: l:1\n    restart: unless-stoped\n    ports:\n      - "7880:80"\n    networks: [nowhere]\n',
  'dynamic.yml':
    'http:\n  routers:\n    livekit:\n      rule: "Host(`livekit.x.test`)"\n      service: gone-svc\n  services:\n    livekit-svc:\n      loadBalancer:\n        servers:\n          - url: "http://host.docker.internal:7880"\n  middlewares:\n    protected:\n      chain:\n        middlewares: [auth]\n',
  'catalog.md': '| Runbook |\n|---|\n| RUNBOOK-007 |\n',
};
const added = {
  'ports.yaml': `${base['ports.yaml']}  - port: 7881\n    service: relay\n`,
  'compose/docker-compose.main.yml': `${base['compose/docker-compose.main.yml']}  relay:\n    image: a:1\n    container_name: px-relay\n    restart: unless-stopped\n    ports:\n      - "7881:80"\n    depends_on:\n      - livekit\n    volumes:\n      - shared:/data\n      - ./conf:/etc/relay:ro\n    networks:\n      - net\n`,
  'dynamic.yml': base['dynamic.yml']
    .replace(
      '  services:\n',
      '    relay:\n      rule: "Host(`relay.x.test`)"\n      service: relay-svc\n      middlewares:\n        - protected\n      tls: {}\n  services:\n',
    )
    .replace(
      '  middlewares:\n    protected',
      '    relay-svc:\n      loadBalancer:\n        servers:\n          - url: "http://host.docker.internal:7881"\n  middlewares:\n    protected',
    ),
  'docs/RUNBOOK-008-relay.md': '# RUNBOOK-008: relay\n',
};
type Path = keyof typeof added;

function planOf(after: Record<string, string>, before: Record<string, string> = base): Plan {
  const files: FileChange[] = Object.entries(after).map(([path, text]) => ({
    path,
    before: before[path] ?? null,
    after: text,
    executable: false,
  }));
  const commits: Plan['commits'] = [{ key: 'runtime', subject: 'feat: x', body: '', files }];
  return {
    action: 'add',
    outcome: 'changes',
    commits,
    files,
    conflicts: [],
    refusals: [],
    findings: [],
    followUps: [],
    digest: digestOf(commits),
  };
}

function run(plan: Plan, spec: ResolvedManifest = manifest): Record<string, string> {
  const results = runChecks({ plan, manifest: spec, profile, tree: treeOf(base) });
  expect(results.filter((result) => result.summary.includes('fault in Slipway'))).toEqual([]);
  return Object.fromEntries(results.map((result) => [result.id, result.status]));
}

/** The sound change with one text exchanged in one file. */
function faulty(path: Path, from: string, to: string): Plan {
  expect(added[path], `the seed of ${path}`).toContain(from);
  const at = added[path].lastIndexOf(from);
  return planOf({ ...added, [path]: added[path].slice(0, at) + to + added[path].slice(at + from.length) });
}

describe('checks', () => {
  it('pass on a sound change, old faults or not', () => {
    const results = runChecks({ plan: planOf(added), manifest, profile, tree: treeOf(base) });
    expect(results.filter((result) => result.status !== 'pass')).toEqual([]);
    expect(results.map((result) => result.id)).toEqual([
      'additions-only',
      'undo-restores',
      'yaml-parses',
      'ports-free',
      'names-agree',
      'references-defined',
      'references-kept',
      'hosts-unique',
      'secrets-by-name',
      'runbook-number-free',
      'markdown-links',
      'prometheus-valid',
      'compose-schema',
      'compose-unique',
      'images-valid',
      'probes-reach',
      'traefik-schema',
      'hcl-valid',
      'spiffe-consistent',
    ]);
    for (const result of results) expect(result.summary).not.toBe('');
  });

  it.each<[string, Plan]>([
    ['additions-only', faulty('ports.yaml', 'service: twin', 'service: twins')],
    ['additions-only', faulty('compose/docker-compose.main.yml', 'networks: [nowhere]\n', 'networks: [net]\n')],
    ['undo-restores', faulty('ports.yaml', '    service: livekit\n', '')],
    ['undo-restores', planOf({ 'ports.yaml': added['ports.yaml'] }, { 'ports.yaml': 'ports: []\n' })],
    ['yaml-parses', faulty('ports.yaml', '    service: relay', '  service: relay')],
    ['yaml-parses', faulty('dynamic.yml', 'relay-svc:\n', 'livekit-svc:\n')],
    ['yaml-parses', planOf({ ...added, 'values.schema.json': '{,}' })],
    ['ports-free', faulty('ports.yaml', '7881', '7880')],
    ['ports-free', faulty('compose/docker-compose.main.yml', '7881:80', '7880:80')],
    ['ports-free', faulty('dynamic.yml', ':7881', ':7880')],
    ['names-agree', faulty('ports.yaml', '7881', '7889')],
    ['names-agree', faulty('compose/docker-compose.main.yml', '7881:80', '7881:8080')],
    ['names-agree', faulty('compose/docker-compose.main.yml', 'px-relay', 'relay')],
    ['names-agree', faulty('compose/docker-compose.main.yml', '  relay:\n', '  relais:\n')],
    ['names-agree', faulty('dynamic.yml', 'relay.x.test', 'relais.x.test')],
    ['names-agree', faulty('dynamic.yml', ':7881', ':7889')],
    ['references-defined', faulty('dynamic.yml', 'service: relay-svc', 'service: relay-service')],
    ['references-defined', faulty('dynamic.yml', '- protected', '- protect')],
    ['references-defined', faulty('compose/docker-compose.main.yml', '- net\n', '- netz\n')],
    ['references-defined', faulty('compose/docker-compose.main.yml', 'shared:/data', 'own:/data')],
    ['references-defined', faulty('compose/docker-compose.main.yml', '- livekit', '- redis')],
    ['hosts-unique', faulty('dynamic.yml', 'relay.x.test', 'livekit.x.test')],
    [
      'secrets-by-name',
      faulty(
        'compose/docker-compose.main.yml',
        'image: a:1',
        `image: a:1\n    environment:\n      KEY: AKIA${'ABCDEFGH12345678'}`,
      ),
    ],
    ['runbook-number-free', planOf({ ...added, 'docs/RUNBOOK-008-other.md': '# RUNBOOK-008: Other\n' })],
    ['compose-schema', faulty('compose/docker-compose.main.yml', 'container_name:', 'containername:')],
    ['compose-schema', faulty('compose/docker-compose.main.yml', 'restart: unless-stopped', 'restart: unless-stoped')],
    ['compose-schema', faulty('compose/docker-compose.main.yml', '"7881:80"', '7881:22')],
    ['compose-schema', faulty('compose/docker-compose.main.yml', '- livekit\n', '- livekit\n      - livekit\n')],
    ['traefik-schema', faulty('dynamic.yml', 'tls: {}', 'tsl: {}')],
    ['traefik-schema', faulty('dynamic.yml', 'loadBalancer:', 'loadbalancer:')],
  ])('%s catches its fault (%#)', (id, plan) => {
    expect(run(plan)[id]).toBe('fail');
  });

  it('runbook-number-free knows numbers that only the catalog claims', () => {
    const plan = planOf({ 'docs/RUNBOOK-007-relay.md': '# RUNBOOK-007: relay\n' });
    expect(run(plan, { ...manifest, runbook: { number: 7 } })['runbook-number-free']).toBe('fail');
  });

  it('names-agree does not hold a file against the change that a person is to edit', () => {
    const { 'dynamic.yml': _, ...others } = added;
    const plan = planOf(others);
    expect(run(plan)['names-agree']).toBe('fail');
    expect(run({ ...plan, refusals: [{ path: 'dynamic.yml', reason: 'r' }] })['names-agree']).toBe('warn');
  });

  it('a check that breaks has failed, says so, and takes no other with it', () => {
    const plan = planOf(added);
    const broken = {
      ...treeOf(base),
      read: () => {
        throw new Error('disk on fire');
      },
    };
    const results = runChecks({ plan: { ...plan, files: [] }, manifest, profile, tree: broken });
    expect(results).toHaveLength(checks.length);
    expect(results.find((result) => result.id === 'ports-free')?.detail).toContain('disk on fire');
  });

  it('are timed by the clock that is given', () => {
    let now = 0;
    const results = runChecks({ plan: planOf(added), manifest, profile, tree: treeOf(base) }, () => (now += 5));
    expect(new Set(results.map((result) => result.durationMs))).toEqual(new Set([5]));
  });
});

describe('secrets', () => {
  const part = 'Q9fK2xZ7';
  it.each([
    `token: ghp_${part.repeat(5)}`,
    `SLACK: xoxb-${'1234567890'}-abcdefghij`,
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    `url: postgres://app:${'hunter2'}@db:5432/app`,
    `value: ${part}Lm4Np8Rt3Vb6`,
    `aws: ${'wJalrXUtnFEMI'}/K7MDENG/bPxRfiCYEXAMPLEKEY`,
    `hex: ${'0f1e2d3c4b5a6978'.repeat(3)}`,
    `jwt: eyJ${part}abc.eyJ${part}abc.sig`,
  ])('are seen in %j', (line) => expect(secretIn(line)).toBeDefined());

  it.each([
    `image: a@sha256:${'ab12'.repeat(16)}`,
    'nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"',
    'MODEL_TOKEN_SECRET_NAME: ravenhelm/voice-transcriber/model-token',
    'url: "http://host.docker.internal:8080/a/b"',
    '- [Grafana](https://grafana.x.test/d/service-inventory?var-service=voice-transcriber)',
    'url: postgres://${DB_USER}:${DB_PASSWORD}@db/app',
    '| [RUNBOOK-035: Voice](docs/runbooks/RUNBOOK-035-voice-transcriber.md) | `ai` |',
    '"$schema": "http://json-schema.org/draft-07/schema#"',
    'topologySpreadConstraintsByHostnameAndZone: true',
    '# ---------------------------------------------------------------------------',
  ])('are not seen in %j', (line) => expect(secretIn(line)).toBeUndefined());

  it('are not repeated in the report', () => {
    const secret = `ghp_${part.repeat(5)}`;
    const plan = planOf({ 'a.md': `token ${secret}\n` });
    const result = runChecks({ plan, manifest, profile, tree: treeOf(base) }).find(
      (one) => one.id === 'secrets-by-name',
    );
    expect(result?.status).toBe('fail');
    expect(result?.detail).toContain('a.md:1');
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  it.each([
    ['DB_PASSWORD', 'hunter2', 'fail'],
    ['GITHUB_TOKEN', 'x', 'fail'],
    ['DB_PASSWORD_FILE', '/run/secrets/db', 'pass'],
    ['DB_PASSWORD', '${DB_PASSWORD}', 'pass'],
    ['MAX_TOKEN', '4096', 'pass'],
    ['TOKEN_URL', 'https://auth.x.test/token', 'pass'],
  ])('variable %s with the value %j: %s', (name, value, status) => {
    const spec = { ...manifest, runtime: { ...manifest.runtime, environment: [{ name, value }] } };
    expect(run(planOf(added), spec)['secrets-by-name']).toBe(status);
  });
});
