/** Three services that between them use everything a spec can say. */
import type { ManifestInput } from '@/lib/services/manifest';

/** Routed behind forward authentication, with streams, secrets, a volume and a health check; Compose and Kubernetes. */
export const transcriber: ManifestInput = {
  name: 'voice-transcriber',
  displayName: 'Voice transcriber',
  purpose: 'Turns recorded calls into searchable text: "fast" & <safe>.',
  category: 'ai',
  owner: 'platform',
  maintainers: ['dana', 'sam@example.com'],
  lifecycle: 'production',
  ports: [{ name: 'http', internal: 8080, external: 'auto', why: 'API and health check' }],
  security: {
    access: 'forward-auth',
    secrets: [
      { name: 'voice-transcriber/model-token', environment: 'MODEL_TOKEN_SECRET_NAME', purpose: 'Speech model' },
      {
        name: 'voice-transcriber/signing',
        environment: 'SIGNING_SECRET_NAME',
        purpose: 'Signs download links',
        source: 'generated',
      },
    ],
  },
  runtime: {
    source: { kind: 'image', image: 'ghcr.io/example/voice-transcriber:1.4.2' },
    compose: {},
    kubernetes: { replicas: 2 },
    environment: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'GREETING', value: 'yes: it\'s 22:22 # {{ not a template }} \\ "quoted"' },
    ],
    volumes: [
      { source: { kind: 'volume', name: 'voice_transcriber_data' }, target: '/data' },
      { source: { kind: 'volume', name: 'voice_transcriber_data' }, target: '/archive', readOnly: true },
      { source: { kind: 'path', path: 'config/voice' }, target: '/etc/voice', readOnly: true },
    ],
    dependsOn: ['redis'],
    healthCheck: { path: '/healthz', port: 'http' },
  },
  routing: { host: 'voice-transcriber.ravenhelm.test', sse: true },
};

/** Media over UDP in a range, its own sign-in, an image by digest, no health check. */
export const mediaRelay: ManifestInput = {
  name: 'media-relay',
  purpose: 'Relays media',
  category: 'realtime',
  owner: 'voice',
  ports: [
    { name: 'rtc', protocol: 'udp', internal: '7881-7884', external: '7881-7884', why: 'Media' },
    { name: 'signal--ws', internal: 7880, external: 7880, why: 'Signalling' },
    { name: 'wide', protocol: 'udp', internal: '20000-20099', external: 'none', why: 'More media' },
  ],
  security: { access: 'own-oauth' },
  runtime: {
    source: { kind: 'image', image: `example/relay:v2@sha256:${'ab'.repeat(32)}` },
    compose: {},
    kubernetes: { environments: ['dev', 'prod'], replicas: 0 },
    volumes: [{ source: { kind: 'volume', name: 'scratch' }, target: '/tmp' }],
  },
  routing: { host: 'relay.ravenhelm.test', path: '/rtc', aliases: ['media.ravenhelm.test'] },
};

/** The least that a spec can say: built here, no port, no host. */
export const worker: ManifestInput = {
  name: 'night-worker',
  purpose: 'Cleans up at night',
  category: 'tooling',
  owner: 'platform',
  runtime: { source: { kind: 'build', context: 'services/night-worker' }, kubernetes: { environments: ['dev'] } },
  docs: { runbook: false },
};
