// A sound change of the sample repository, and the same change with one fault seeded into it: the check of that name has to find it.
import { describe, expect, it } from 'vitest';
import { runChecks } from './index';
import {
  tree,
  profile,
  manifest,
  sound,
  compose,
  security,
  registry,
  traefik,
  helper,
  spire,
  localstack,
  catalog,
  chart,
  service,
  rewrite,
  seed,
  withFile,
  key,
  type Fault,
} from './test-seed';

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

describe('a seeded fault is found', () => {
  it.each(inProcess)('by %s: %s', (check, _what, plan) => {
    const results = runChecks({ plan: plan(), manifest, profile, tree });
    expect(results.filter(({ summary }) => summary.includes('fault in Slipway'))).toEqual([]);
    expect(results.filter(({ status }) => status === 'fail').map(({ id }) => id)).toContain(check);
  });

  it('in more than thirty ways', () => {
    expect(sound).toMatchObject({ conflicts: [], refusals: [] });
    expect(inProcess.length).toBeGreaterThanOrEqual(30);
  });
});
