/** The annotated spec that `slipway example` prints. It validates as it stands. */
export const exampleSpec = `# A service, as Slipway takes it. Only name, purpose, category, owner and runtime are required; everything else has the
# default that is shown or is left out. \`slipway schema\` prints the whole schema for your editor.
version: 1

# Becomes the container, the Kubernetes objects and the host: lower-case letters, digits, hyphens.
name: voice-transcriber
displayName: Voice transcriber
purpose: Turns recorded calls into searchable text.
category: ai
owner: platform
maintainers: [dana, sam@example.com]
lifecycle: experimental # or beta, production, deprecated

ports:
  - name: http
    protocol: tcp # or udp
    internal: 8080 # where the container listens; a range such as 7881-7892 works too
    external: auto # the next free port of the category's pool; or a number, or none for no port on the host
    why: API and health check

security:
  access: forward-auth # the platform signs people in; or own-oauth, or public with a publicReason
  mtls: false
  # Secrets by name. The value is never part of a spec; the variable carries the name of the secret in the store.
  secrets:
    - name: voice-transcriber/model-token
      environment: MODEL_TOKEN_SECRET_NAME
      purpose: Token for the speech model
      source: provided # set by a person; or generated

runtime:
  source:
    kind: image # or build, with context and dockerfile
    image: ghcr.io/example/voice-transcriber:1.4.2
  compose:
    # stack: ai-infra   # where absent, the category's stack
    networks: [] # besides the platform's own network
  kubernetes:
    environments: [dev, staging, prod]
    replicas: 2
    resources:
      requests: { cpu: 250m, memory: 256Mi }
      limits: { cpu: "1", memory: 1Gi }
  environment:
    - name: LOG_LEVEL
      value: info
  volumes:
    - source: { kind: volume, name: voice_transcriber_data }
      target: /data
      readOnly: false
  dependsOn: []
  healthCheck:
    path: /healthz
    port: http
    intervalSeconds: 30
    timeoutSeconds: 5
    retries: 3

routing:
  host: voice-transcriber.ravenhelm.test
  aliases: []
  port: http
  sse: false # true for long-lived streams: buffering off, long timeouts

docs:
  runbook: true
  trackerIssue: true
  dashboards: []
`;
