// A sound change of the sample repository, and the same change with one fault seeded into it: the check of that name has to find it.
import { describe, expect, it } from 'vitest';
import { checkChange, checkWithTools, toolCheckIds } from '@/lib/workflows/check-change';
import { digestOf } from '../digest';
import { planAddition } from '../plan';
import { resolvedSpec } from '../test-resolved-spec';
import { sampleProfile, sampleTree } from '../test-sample';
import { transcriber } from '../test-specs';
import type { FileChange, Plan } from '../types';
import { runChecks } from './index';

const tree = sampleTree();
const profile = sampleProfile(tree);
const manifest = resolvedSpec(
  {
    ...transcriber,
    security: { ...transcriber.security, mtls: true },
    runtime: {
      ...transcriber.runtime,
      dependsOn: ['norns'],
      kubernetes: { replicas: 2, networkPolicy: {}, autoscaling: { kind: 'load', max: 4 } },
    },
  },
  60,
);
const sound = planAddition({ manifest, profile, tree });

const compose = 'compose/docker-compose.langgraph.yml';
const security = 'compose/docker-compose.security.yml';
const registry = 'config/port_registry.yaml';
const traefik = 'ravenhelm-proxy/dynamic.yml';
const helper = 'config/spiffe-helper/voice-transcriber-helper.conf';
const spire = 'spire/init-spire.sh';
const localstack = 'localstack/init/init-aws.sh';
const catalog = 'docs/wiki/Runbook_Catalog.md';
const chart = 'charts/voice-transcriber';
const argocd = 'argocd/applications/voice-transcriber-dev.yaml';
const service = '\n  voice-transcriber:\n';

/** The plan with other text in one file. */
function rewrite(path: string, alter: (text: string) => string): Plan {
  const change = (file: FileChange): FileChange => {
    if (file.path !== path || file.after === null) return file;
    const after = alter(file.after);
    expect(after, `the seed of ${path}`).not.toBe(file.after);
    return { ...file, after };
  };
  expect(sound.files.map((file) => file.path)).toContain(path);
  const commits = sound.commits.map((commit) => ({ ...commit, files: commit.files.map(change) }));
  return { ...sound, commits, files: sound.files.map(change), digest: digestOf(commits) };
}

/** The first `from` behind `mark` in a file becomes `to`. */
function seed(path: string, mark: string, from: string, to: string): Plan {
  return rewrite(path, (text) => {
    const start = text.indexOf(mark);
    const at = text.indexOf(from, start);
    expect(start, `“${mark}” in ${path}`).toBeGreaterThanOrEqual(0);
    expect(at, `“${from}” in ${path}`).toBeGreaterThanOrEqual(0);
    return text.slice(0, at) + to + text.slice(at + from.length);
  });
}

/** The plan with a file more. */
function withFile(path: string, after: string): Plan {
  const file = { path, before: null, after, executable: false };
  const commits = sound.commits.map((commit, index) =>
    index === 0 ? { ...commit, files: [...commit.files, file] } : commit,
  );
  return { ...sound, commits, files: [...sound.files, file], digest: digestOf(commits) };
}

/** Key shapes are put together here, so that nothing in this file looks like one. */
const key = ['ghp', 'Q9fK2xZ7'.repeat(5)].join('_');

type Fault = [check: string, what: string, plan: () => Plan];

const inProcess: Fault[] = [
  [
    'ports-free',
    'a port of the registry that another service has',
    () => seed(registry, '- port: 18000', '18000', '7880'),
  ],
  [
    'ports-free',
    'a host port that a service of another stack publishes',
    () => seed(compose, service, '18000:8080', '7880:8080'),
  ],
  [
    'ports-free',
    'a backend at somebody else’s port',
    () => seed(traefik, '    voice-transcriber-svc:', ':18000', ':7880'),
  ],
  [
    'names-agree',
    'a published port that leads elsewhere in the container',
    () => seed(compose, service, '18000:8080', '18000:9000'),
  ],
  ['names-agree', 'a registry that says another port', () => seed(registry, '- port: 18000', '18000', '18001')],
  [
    'names-agree',
    'a backend at another port than the published one',
    () => seed(traefik, '    voice-transcriber-svc:', ':18000', ':18002'),
  ],
  [
    'names-agree',
    'a chart that listens at another port',
    () => seed(`${chart}/values.yaml`, 'ports:', 'containerPort: 8080', 'containerPort: 9090'),
  ],
  [
    'names-agree',
    'a router for a host that the spec does not name',
    () => seed(traefik, '    voice-transcriber:\n', 'voice-transcriber.ravenhelm.test', 'voice.ravenhelm.test'),
  ],
  [
    'names-agree',
    'a twin under another host',
    () => seed(traefik, '    voice-transcriber-dev:\n', 'voice-transcriber.ravenhelm.dev', 'voice.ravenhelm.dev'),
  ],
  [
    'names-agree',
    'plain http to a service that asks for mTLS',
    () => seed(traefik, '    voice-transcriber-svc:', 'https://', 'http://'),
  ],
  [
    'names-agree',
    'a backend with mTLS without the transport that has the certificates',
    () =>
      seed(
        traefik,
        '    voice-transcriber-svc:',
        'serversTransport: voice-transcriber-transport',
        'passHostHeader: true',
      ),
  ],
  [
    'references-defined',
    'a router without its service',
    () => seed(traefik, '    voice-transcriber:\n', 'service: voice-transcriber-svc', 'service: voice-svc'),
  ],
  [
    'references-defined',
    'a middleware that nobody defines',
    () => seed(traefik, '    voice-transcriber:\n', '- protected', '- protect'),
  ],
  [
    'references-defined',
    'a transport that nobody defines',
    () => seed(traefik, '    voice-transcriber-svc:', 'voice-transcriber-transport', 'voice-transport'),
  ],
  [
    'references-defined',
    'a network that is not declared',
    () => seed(compose, service, '- platform_net', '- platform_network'),
  ],
  [
    'references-defined',
    'a volume that is not declared',
    () => seed(compose, service, 'voice_transcriber_data:/data', 'voice_data:/data'),
  ],
  [
    'references-defined',
    'a dependency on a service of another stack',
    () => seed(compose, service, 'norns:', 'redis:'),
  ],
  [
    'references-defined',
    'a secret of Compose that is not declared',
    () => seed(compose, service, '    ports:', '    secrets: [model]\n    ports:'),
  ],
  [
    'hosts-unique',
    'a host that another router owns',
    () => seed(traefik, '    voice-transcriber:\n', 'voice-transcriber.ravenhelm.test', 'mcp-gitlab.ravenhelm.test'),
  ],
  [
    'compose-unique',
    'a container name that is there already',
    () => seed(compose, service, 'gitlab-sre-voice-transcriber', 'gitlab-sre-norns'),
  ],
  [
    'compose-unique',
    'one static address for two services',
    () =>
      seed(
        compose,
        service,
        service,
        `${['first', 'second'].map((name) => `\n  ${name}:\n    image: a:1\n    networks:\n      platform_net:\n        ipv4_address: 10.9.8.7\n`).join('')}${service}`,
      ),
  ],
  [
    'compose-unique',
    'a volume that the included base declares too',
    () =>
      seed(compose, '\nvolumes:', '  voice_transcriber_data:', '  voice_transcriber_certs:\n  voice_transcriber_data:'),
  ],
  [
    'images-valid',
    'an image name with capital letters',
    () => seed(compose, service, 'ghcr.io/example/voice', 'ghcr.io/Example/Voice'),
  ],
  [
    'images-valid',
    'an image name with a space in a chart',
    () => seed(`${chart}/values.yaml`, 'image:', 'ghcr.io/example/', 'ghcr.io/exa mple/'),
  ],
  [
    'probes-reach',
    'a health check at a port that nobody listens at',
    () => seed(compose, service, '127.0.0.1:8080', '127.0.0.1:9090'),
  ],
  [
    'compose-schema',
    'a key that Compose does not know',
    () => seed(compose, service, 'container_name:', 'containername:'),
  ],
  [
    'compose-schema',
    'a port without quotes that YAML 1.1 takes for minutes',
    () => seed(compose, service, '"18000:8080"', '22:22'),
  ],
  [
    'traefik-schema',
    'a misspelt key',
    () => seed(traefik, '    voice-transcriber-svc:', 'loadBalancer:', 'loadbalancer:'),
  ],
  [
    'traefik-schema',
    'a transport in a wrapper that version 3 does not know',
    () => seed(traefik, '    voice-transcriber-transport:', '      serverName: ', '      tls:\n        serverName: '),
  ],
  [
    'hcl-valid',
    'a key that spiffe-helper refuses',
    () => seed(helper, 'add_inter', 'add_intermediates_to_bundle', 'add_intermediates'),
  ],
  ['hcl-valid', 'a string without its end', () => seed(helper, 'cert_dir', '"/run/spire/certs"', '"/run/spire/certs')],
  [
    'spiffe-consistent',
    'a selector that no workload has',
    () => seed(spire, '"voice-transcriber|', 'workload:voice-transcriber-spiffe-helper', 'workload:voice-transcriber'),
  ],
  [
    'spiffe-consistent',
    'a helper with another workload label than the registration',
    () =>
      seed(
        security,
        '  voice-transcriber-spiffe-helper:',
        'ravenhelm.workload: voice-transcriber-spiffe-helper',
        'ravenhelm.workload: voice-helper',
      ),
  ],
  ['secrets-by-name', 'a key in an environment', () => seed(compose, service, 'LOG_LEVEL: info', `LOG_LEVEL: ${key}`)],
  [
    'secrets-by-name',
    'a key in a script',
    () => seed(localstack, 'voice-transcriber/signing', '"$(random_value)"', `"${key}"`),
  ],
  [
    'markdown-links',
    'a link to a page that is not there',
    () => seed(catalog, 'RUNBOOK-060', 'RUNBOOK-060-voice-transcriber.md', 'RUNBOOK-060-voice.md'),
  ],
  [
    'runbook-number-free',
    'a runbook number that another runbook has',
    () => withFile('docs/runbooks/RUNBOOK-060-other.md', '# RUNBOOK-060: Other\n'),
  ],
  [
    'additions-only',
    'a line that is edited',
    () => seed(registry, 'hlidskjalf-ui', 'Control plane console', 'Control plane UI'),
  ],
  [
    'additions-only',
    'a file that is formatted anew',
    () => rewrite(registry, (text) => text.replace(/^ {2}/gm, '    ')),
  ],
  ['additions-only', 'line breaks of another kind', () => rewrite(registry, (text) => text.replaceAll('\n', '\r\n'))],
  ['undo-restores', 'a line that is gone', () => seed(registry, 'hlidskjalf-ui', '    protocol: tcp\n', '')],
  [
    'yaml-parses',
    'a key that is there twice',
    () => seed(compose, service, '    ports:', '    image: other:1\n    ports:'),
  ],
  [
    'yaml-parses',
    'a schema that is no JSON',
    () => rewrite(`${chart}/values.schema.json`, (text) => text.replace('{', '{,')),
  ],
];

const byTools: Fault[] = [
  [
    'compose-config',
    'a variable without its end',
    () => seed(compose, service, 'LOG_LEVEL: info', 'LOG_LEVEL: "${LEVEL"'),
  ],
  ['compose-config', 'a service that waits for itself', () => seed(compose, service, 'norns:', 'voice-transcriber:')],
  [
    'compose-config',
    'a network that is not declared',
    () => seed(compose, service, '- platform_net', '- platform_network'),
  ],
  [
    'helm-lint',
    'values that their own schema refuses',
    () => seed(`${chart}/values.yaml`, 'replicas', 'replicas: 2', 'replicas: many'),
  ],
  [
    'helm-template',
    'a value that nobody gives',
    () => seed(`${chart}/templates/service.yaml`, 'kind', 'type: ', 'type: {{ required "say which" .Values.kind }} # '),
  ],
  [
    'helm-template',
    'a template without its end',
    () => seed(`${chart}/templates/deployment.yaml`, 'kind', '{{- end }}', ''),
  ],
  [
    'kubernetes-schema',
    'a field that Kubernetes does not know',
    () => seed(`${chart}/templates/deployment.yaml`, 'spec:', 'revisionHistoryLimit:', 'revisionHistory:'),
  ],
  [
    'kubernetes-schema',
    'an apiVersion that there is not',
    () => seed(`${chart}/templates/deployment.yaml`, 'apps', 'apps/v1', 'apps/v2'),
  ],
  [
    'kubernetes-schema',
    'a key that the operator does not know',
    () => seed(`${chart}/templates/externalsecret.yaml`, 'spec:', 'refreshInterval:', 'refreshIntervall:'),
  ],
  [
    'kubernetes-schema',
    'an Argo CD application with a key too many',
    () => seed(argocd, 'spec:', 'destination:', 'destinations: []\n  destination:'),
  ],
  [
    'kubernetes-references',
    'a Service whose selector finds no pod',
    () => seed(`${chart}/templates/service.yaml`, 'selector:', 'selector:', 'selector:\n    tier: gone'),
  ],
  [
    'kubernetes-references',
    'a probe of a port that no container has',
    () => seed(`${chart}/values.yaml`, 'probes:', 'port: http', 'port: metrics'),
  ],
  ['shellcheck', 'a variable without quotes', () => rewrite(localstack, (text) => `${text}\nrm -f $REGION\n`)],
  ['shellcheck', 'a condition without its end', () => rewrite(spire, (text) => `${text}\nif true; then\n  :\n`)],
];

describe('a sound change', () => {
  it('passes every check, the real tools among them', async () => {
    expect(sound.conflicts).toEqual([]);
    expect(sound.refusals).toEqual([]);
    const { checks, rendered } = await checkChange({ plan: sound, manifest, profile, tree });
    expect(checks.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining([...toolCheckIds]));
    expect(rendered.map(({ environment }) => environment)).toEqual(['dev', 'staging', 'prod']);
  });
});

describe('a seeded fault is found', () => {
  it.each(inProcess)('by %s: %s', (check, _what, plan) => {
    const results = runChecks({ plan: plan(), manifest, profile, tree });
    expect(results.filter(({ summary }) => summary.includes('fault in Slipway'))).toEqual([]);
    expect(results.filter(({ status }) => status === 'fail').map(({ id }) => id)).toContain(check);
  });

  it.each(byTools)('by %s: %s', async (check, _what, plan) => {
    const { checks } = await checkWithTools({ plan: plan(), manifest, profile, tree });
    const found = checks.find(({ id }) => id === check);
    expect(found?.status, found?.detail).toBe('fail');
    expect(found?.detail).not.toContain('/tmp/');
  });

  it('by each check that there is', () => {
    const caught = new Set([...inProcess, ...byTools].map(([check]) => check));
    expect([...inProcess, ...byTools].length).toBeGreaterThanOrEqual(30);
    for (const id of toolCheckIds) expect(caught).toContain(id);
  });
});
