/** The chart's own files beside the templates: Chart.yaml, the values, their schema, and what differs per environment. */
import { stringify } from 'yaml';
import { storedSecretName } from '../../operations';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { quote, renderText } from '../../yaml/scalar';
import {
  chartImage,
  chartProbes,
  costLabels,
  ingressAccess,
  secretFiles,
  type ChartPort,
  type ChartVolume,
  type Environment,
} from './values';

type HelmProfile = NonNullable<Profile['helm']>;

/** `Chart.yaml`. The version of what runs is the image's tag. */
export function renderChart(manifest: ResolvedManifest, helm: HelmProfile): string {
  const image = chartImage(manifest, helm);
  const maintainers = manifest.maintainers.flatMap((maintainer) =>
    maintainer.includes('@') && !maintainer.startsWith('@')
      ? [
          `  - name: ${quote(maintainer.split('@')[0] ?? maintainer, 'double')}`,
          `    email: ${quote(maintainer, 'double')}`,
        ]
      : [`  - name: ${quote(maintainer, 'double')}`],
  );
  return lines([
    'apiVersion: v2',
    `name: ${manifest.name}`,
    `description: ${quote(manifest.purpose, 'double')}`,
    'type: application',
    'version: 0.1.0',
    `appVersion: ${quote(image.tag || image.digest.replace(/^sha256:/, '').slice(0, 12) || '0.1.0', 'double')}`,
    ...(maintainers.length > 0 ? ['maintainers:', ...maintainers] : []),
  ]);
}

export interface ChartParts {
  ports: readonly ChartPort[];
  volumes: readonly ChartVolume[];
}

/** `values.yaml`: every value that the templates read, with what the spec says or a safe default. */
export function renderValues(
  manifest: ResolvedManifest,
  profile: Profile,
  helm: HelmProfile,
  parts: ChartParts,
): string {
  const kubernetes = manifest.runtime.kubernetes;
  const image = chartImage(manifest, helm);
  const secrets = secretFiles(manifest, profile);
  const env = [
    ...manifest.runtime.environment.map((variable) => [variable.name, variable.value] as const),
    ...manifest.security.secrets.map((secret) => [secret.environment, storedSecretName(profile, secret.name)] as const),
  ];
  const routed = parts.ports.find(
    (port) => port.protocol === 'TCP' && (manifest.routing?.port === undefined || port.of === manifest.routing.port),
  );
  return lines([
    `# ${manifest.name} in every environment. What differs is in values-<environment>.yaml; values.schema.json says what is allowed.`,
    `replicas: ${kubernetes?.replicas ?? 1}`,
    '',
    'image:',
    `  repository: ${quote(image.repository, 'double')}`,
    '  # Where a digest is given, it counts and the tag is for people.',
    `  tag: ${quote(image.tag, 'double')}`,
    `  digest: ${quote(image.digest, 'double')}`,
    '  pullPolicy: IfNotPresent',
    'imagePullSecrets: []',
    '',
    'serviceAccount:',
    '  create: true',
    '  name: ""',
    '  # eks.amazonaws.com/role-arn, where the service talks to AWS',
    '  annotations: {}',
    '  automountToken: false',
    '',
    'podAnnotations: {}',
    'podSecurityContext:',
    '  runAsNonRoot: true',
    '  runAsUser: 10001',
    '  runAsGroup: 10001',
    '  fsGroup: 10001',
    '  seccompProfile:',
    '    type: RuntimeDefault',
    'securityContext:',
    '  allowPrivilegeEscalation: false',
    '  readOnlyRootFilesystem: true',
    '  capabilities:',
    '    drop: ["ALL"]',
    '# An empty /tmp of its own, since the rest of the file system cannot be written.',
    `writableTmp: ${!parts.volumes.some((volume) => volume.mounts.some((mount) => mount.path === '/tmp'))}`,
    '',
    ...list('ports', parts.ports, (port) => [
      `name: ${port.name}`,
      `containerPort: ${port.containerPort}`,
      `protocol: ${port.protocol}`,
    ]),
    'service:',
    '  type: ClusterIP',
    '',
    ...map('env', '', env),
    '',
    ...block('probes', chartProbes(manifest, parts.ports)),
    ...block('resources', kubernetes?.resources ?? {}),
    '',
    ...list('persistence', parts.volumes, (volume) => [
      `name: ${volume.name}`,
      'size: 1Gi',
      'accessMode: ReadWriteOnce',
      'storageClass: ""',
      'mounts:',
      ...volume.mounts.flatMap((mount) => [
        `  - path: ${quote(mount.path, 'double')}`,
        `    readOnly: ${mount.readOnly}`,
      ]),
    ]),
    '',
    'ingress:',
    '  enabled: false',
    `  className: ${renderText(helm.ingressClass, { quote: 'double' })}`,
    '  host: ""',
    `  path: ${quote(manifest.routing?.path ?? '/', 'double')}`,
    `  port: ${routed?.name ?? '""'}`,
    '  tlsSecretName: ""',
    ...map('annotations', '  ', Object.entries(ingressAccess(manifest, helm).annotations)),
    '',
    '# Copies the secrets from the secret store into the cluster and mounts them as files, one per name.',
    'externalSecret:',
    '  enabled: false',
    '  refreshInterval: 1h',
    '  storeKind: ClusterSecretStore',
    '  storeName: aws-secrets-manager',
    '  mountPath: /run/secrets/platform',
    ...map('secrets', '  ', Object.entries(secrets)),
    '',
    ...map('costLabels', '', Object.entries(costLabels(manifest, profile, undefined))),
  ]);
}

/** `values-<environment>.yaml`: the host and the cost tag of one environment. */
export function renderEnvironmentValues(
  manifest: ResolvedManifest,
  profile: Profile,
  helm: HelmProfile,
  environment: Environment,
): string {
  const host = helm.hosts[environment]?.replaceAll('{service}', manifest.name);
  const ingress =
    manifest.routing && host !== undefined && ingressAccess(manifest, helm).guarded
      ? ['ingress:', '  enabled: true', `  host: ${quote(host, 'double')}`, '']
      : [];
  return lines([
    `# ${manifest.name} in ${environment}: what differs from values.yaml.`,
    ...ingress,
    ...map('costLabels', '', Object.entries(costLabels(manifest, profile, environment))),
  ]);
}

function lines(all: readonly string[]): string {
  return `${all.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}

function list<T>(key: string, items: readonly T[], render: (item: T) => string[]): string[] {
  if (items.length === 0) return [`${key}: []`];
  return [
    `${key}:`,
    ...items.flatMap((item) => render(item).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`)),
  ];
}

function map(key: string, indent: string, entries: readonly (readonly [string, string])[]): string[] {
  if (entries.length === 0) return [`${indent}${key}: {}`];
  return [
    `${indent}${key}:`,
    ...entries.map(([name, value]) => `${indent}  ${renderText(name, { quote: 'double' })}: ${quote(value, 'double')}`),
  ];
}

function block(key: string, value: object): string[] {
  return stringify(
    { [key]: value },
    { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0, aliasDuplicateObjects: false },
  )
    .trimEnd()
    .split('\n');
}
