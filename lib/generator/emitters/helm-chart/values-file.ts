/** `values.yaml`: every value that the templates read, with what the spec says or a safe default, written the way the charts beside it are. */
import type { NetworkPeer } from '@/lib/services/manifest-kubernetes';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { Flow, Quoted, renderEntry, type YamlValue } from '../../yaml/render';
import type { Style } from '../../yaml/style';
import { chartProbes, entryOf, ingressAccess, routedPort, type HelmProfile } from './access';
import { loadScaling, monitorValues, queueScaling, ruleValues } from './operations-values';
import { chartImage, chartPorts, chartVolumes, costLabels, type ChartPort } from './values';
import { chartVariables, secretFiles } from './variables';

/** Entries that stand together, with a remark above them. */
export interface Section {
  remark?: string;
  entries: Readonly<Record<string, YamlValue>>;
}

/** Sections as text, a blank line between them. */
export function renderSections(head: string, sections: readonly Section[], style: Style): string {
  const blocks = sections.map(({ remark, entries }) => [
    ...(remark === undefined ? [] : [`# ${remark}`]),
    ...Object.entries(entries).flatMap(([key, value]) => renderEntry(key, value, 0, style)),
  ]);
  return `# ${head}\n${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** The text of `values.yaml`. */
export function renderValues(
  manifest: ResolvedManifest,
  profile: Profile & { helm: HelmProfile },
  { style, runbook }: { style: Style; runbook: string | undefined },
): string {
  const { ports } = chartPorts(manifest.ports);
  const { environments, environmentValues } = profile.helm;
  const head =
    environments.length === 0
      ? `${manifest.name}. values.schema.json says what is allowed.`
      : `${manifest.name} in every environment. What differs is in ${environmentValues.replaceAll('{environment}', '<environment>')}; values.schema.json says what is allowed.`;
  return renderSections(
    head,
    [
      ...workloadSections(manifest, profile, ports),
      entrySection(manifest, profile.helm, ports),
      networkSection(manifest, profile.helm),
      secretSection(manifest, profile),
      {
        remark: 'How many of it: by load, or by what waits in an SQS queue (KEDA), or as many as `replicas` says.',
        entries: { autoscaling: loadScaling(manifest), queueScaling: queueScaling(manifest, profile) },
      },
      {
        remark: 'How many must stay while nodes are drained.',
        entries: {
          disruptionBudget: {
            enabled: manifest.runtime.kubernetes?.disruptionBudget !== undefined,
            minAvailable: manifest.runtime.kubernetes?.disruptionBudget?.minAvailable ?? 1,
          },
        },
      },
      {
        entries: {
          serviceMonitor: monitorValues(manifest, profile, ports),
          prometheusRule: ruleValues(manifest, profile, runbook),
        },
      },
      {
        remark: 'Labels of every object and pod, for cost reports.',
        entries: { costLabels: costLabels(manifest, profile, undefined) },
      },
    ],
    style,
  );
}

function workloadSections(
  manifest: ResolvedManifest,
  profile: Profile & { helm: HelmProfile },
  ports: readonly ChartPort[],
): Section[] {
  const { kubernetes } = manifest.runtime;
  const volumes = chartVolumes(manifest);
  const writesTmp = volumes.some((volume) => volume.mounts.some((mount) => mount.path === '/tmp'));
  return [
    { entries: { replicas: kubernetes?.replicas ?? 1 } },
    {
      remark: 'Where a digest is given, it counts and the tag is for people.',
      entries: {
        image: { ...chartImage(manifest, profile), pullPolicy: 'IfNotPresent' },
        imagePullSecrets: [],
      },
    },
    {
      remark: 'The AWS role (eks.amazonaws.com/role-arn) differs per environment.',
      entries: { serviceAccount: { create: true, name: '', annotations: {}, automountToken: false } },
    },
    {
      remark: 'Nothing runs as root or writes to its own file system but to /tmp and to its volumes.',
      entries: {
        podAnnotations: {},
        podSecurityContext: {
          runAsNonRoot: true,
          runAsUser: 10001,
          runAsGroup: 10001,
          fsGroup: 10001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: new Flow([new Quoted('ALL')]) },
        },
        writableTmp: !writesTmp,
      },
    },
    {
      entries: {
        ports: ports.map(({ name, containerPort, protocol }) => ({ name, containerPort, protocol })),
        service: { type: 'ClusterIP' },
      },
    },
    {
      remark: 'Variables of the container; in a ConfigMap where that is enabled.',
      entries: {
        env: chartVariables(manifest, profile),
        configMap: { enabled: kubernetes?.configMap ?? false },
      },
    },
    { entries: { probes: chartProbes(manifest, ports), resources: kubernetes?.resources ?? {} } },
    {
      entries: {
        persistence: volumes.map(({ name, mounts }) => ({
          name,
          size: '1Gi',
          accessMode: 'ReadWriteOnce',
          storageClass: '',
          mounts: mounts.map(({ path, readOnly }) => ({ path, readOnly })),
        })),
      },
    },
  ];
}

function entrySection(manifest: ResolvedManifest, helm: HelmProfile, ports: readonly ChartPort[]): Section {
  const remark = 'Enabled in the environments that have a host.';
  const entry = {
    enabled: false,
    host: '',
    path: manifest.routing?.path ?? '/',
    port: manifest.routing ? (routedPort(manifest, ports)?.name ?? '') : '',
  };
  if (entryOf(helm) === 'ingress') {
    const annotations = manifest.routing ? ingressAccess(manifest, helm).annotations : {};
    return {
      remark,
      entries: { ingress: { ...entry, className: helm.ingressClass, tlsSecretName: '', annotations } },
    };
  }
  const { name, namespace, forwardAuth } = helm.gateway ?? { name: '', namespace: '' };
  const asks = manifest.routing && manifest.security.access === 'forward-auth' && forwardAuth;
  const filters: YamlValue[] = asks ? [{ type: 'ExtensionRef', extensionRef: { ...forwardAuth } }] : [];
  // A stream lasts as long as it lasts.
  const timeouts: YamlValue = manifest.routing?.sse ? { request: '0s' } : {};
  return { remark, entries: { route: { ...entry, gateway: { name, namespace }, filters, timeouts } } };
}

function networkSection(manifest: ResolvedManifest, helm: HelmProfile): Section {
  const policy = manifest.runtime.kubernetes?.networkPolicy;
  return {
    remark:
      'Nothing comes in and nothing goes out but DNS, what enters by its host, what reads its metrics, and these paths.',
    entries: {
      networkPolicy: {
        enabled: policy !== undefined,
        ingressNamespace: helm.ingressNamespace,
        monitoringNamespace: helm.monitoringNamespace,
        dnsNamespace: 'kube-system',
        from: (policy?.from ?? []).map(peerValue),
        to: (policy?.to ?? []).map(peerValue),
      },
    },
  };
}

function peerValue({ name, namespace, service, cidr, ports }: NetworkPeer): YamlValue {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(service === undefined ? {} : { service }),
    ...(cidr === undefined ? {} : { cidr }),
    ports,
  };
}

function secretSection(manifest: ResolvedManifest, profile: Profile & { helm: HelmProfile }): Section {
  const { secrets, parameters } = secretFiles(manifest, profile);
  const { secretStore, parameterStore } = profile.helm;
  const none = { kind: 'ClusterSecretStore', name: '' };
  const readable = [...(secretStore ? Object.keys(secrets) : []), ...(parameterStore ? Object.keys(parameters) : [])];
  const enabled = readable.length > 0;
  return {
    remark: 'Copies secrets and parameters from their stores into the cluster and mounts them as files, one per name.',
    entries: {
      externalSecret: {
        enabled,
        refreshInterval: '1h',
        mountPath: '/run/secrets/platform',
        store: { ...(secretStore ?? parameterStore ?? none) },
        secrets: secretStore || !enabled ? secrets : {},
        parameterStore: { ...(parameterStore ?? none) },
        parameters: parameterStore || !enabled ? parameters : {},
      },
    },
  };
}
