/** What Kubernetes objects of one chart say of each other: selectors find pods, ports and probes are there, named objects exist. */
import { parseAllDocuments } from 'yaml';
import { asList, asRecord, asText } from '../yaml/read';

interface Pod {
  owner: string;
  labels: Record<string, unknown>;
  /** Names and numbers of the containers' ports, as text. */
  ports: Set<string>;
  spec: Record<string, unknown>;
  containers: Record<string, unknown>[];
}

interface Objects {
  byKind: Map<string, Map<string, Record<string, unknown>>>;
  pods: Pod[];
}

/** @param text YAML documents, as Helm renders them. @returns what does not fit, in words. */
export function kubernetesReferenceFaults(text: string): string[] {
  const objects = readObjects(text);
  return [
    ...objects.pods.flatMap((pod) => [...podFaults(pod), ...namedFaults(objects, pod)]),
    ...workloadFaults(objects),
    ...serviceFaults(objects),
    ...routeFaults(objects),
    ...targetFaults(objects),
  ];
}

function readObjects(text: string): Objects {
  const objects: Objects = { byKind: new Map(), pods: [] };
  for (const document of parseAllDocuments(text)) {
    if (document.errors.length > 0) continue;
    const object = asRecord(document.toJS({ maxAliasCount: -1 }) as unknown);
    const kind = asText(object?.['kind']);
    const name = asText(asRecord(object?.['metadata'])?.['name']);
    if (!object || kind === undefined || name === undefined) continue;
    const known = objects.byKind.get(kind) ?? new Map<string, Record<string, unknown>>();
    objects.byKind.set(kind, known.set(name, object));
    const template = asRecord(asRecord(object['spec'])?.['template']);
    const spec = asRecord(template?.['spec']);
    if (!spec) continue;
    const containers = records(spec['containers']);
    objects.pods.push({
      owner: `${kind} ${name}`,
      labels: asRecord(asRecord(template?.['metadata'])?.['labels']) ?? {},
      ports: new Set(
        containers
          .flatMap((container) => records(container['ports']))
          .flatMap((port) => [asText(port['name']), asText(port['containerPort'])])
          .filter((port) => port !== undefined),
      ),
      spec,
      containers,
    });
  }
  return objects;
}

function podFaults(pod: Pod): string[] {
  return pod.containers.flatMap((container) =>
    ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) => {
      const settings = asRecord(container[probe]);
      const port = asText((asRecord(settings?.['httpGet']) ?? asRecord(settings?.['tcpSocket']))?.['port']);
      return port === undefined || pod.ports.has(port)
        ? []
        : [`${pod.owner}: ${probe} asks the port ${port}, which no container has.`];
    }),
  );
}

/** Objects that the chart itself has to bring. Secrets may come from elsewhere. */
function namedFaults({ byKind }: Objects, pod: Pod): string[] {
  const wanted: [kind: string, name: string | undefined][] = [
    ['ServiceAccount', asText(pod.spec['serviceAccountName'])],
    ...records(pod.spec['volumes']).flatMap((volume): [string, string | undefined][] => [
      ['ConfigMap', nameUnlessOptional(volume['configMap'])],
      ['PersistentVolumeClaim', asText(asRecord(volume['persistentVolumeClaim'])?.['claimName'])],
    ]),
    ...pod.containers.flatMap((container): [string, string | undefined][] => [
      ...records(container['envFrom']).map((from): [string, string | undefined] => [
        'ConfigMap',
        nameUnlessOptional(from['configMapRef']),
      ]),
      ...records(container['env']).map((variable): [string, string | undefined] => [
        'ConfigMap',
        nameUnlessOptional(asRecord(variable['valueFrom'])?.['configMapKeyRef']),
      ]),
    ]),
  ];
  return wanted.flatMap(([kind, name]) =>
    name === undefined || name === 'default' || byKind.get(kind)?.has(name)
      ? []
      : [`${pod.owner}: there is no ${kind} ${name}.`],
  );
}

function nameUnlessOptional(value: unknown): string | undefined {
  const reference = asRecord(value);
  return reference?.['optional'] === true ? undefined : asText(reference?.['name']);
}

function workloadFaults({ byKind }: Objects): string[] {
  return ['Deployment', 'StatefulSet', 'DaemonSet'].flatMap((kind) =>
    [...(byKind.get(kind) ?? [])].flatMap(([name, object]) => {
      const spec = asRecord(object['spec']);
      const wanted = asRecord(asRecord(spec?.['selector'])?.['matchLabels']) ?? {};
      const labels = asRecord(asRecord(asRecord(spec?.['template'])?.['metadata'])?.['labels']) ?? {};
      return matches(wanted, labels) ? [] : [`${kind} ${name}: its selector does not find its own pods.`];
    }),
  );
}

function serviceFaults({ byKind, pods }: Objects): string[] {
  return [...(byKind.get('Service') ?? [])].flatMap(([name, object]) => {
    const spec = asRecord(object['spec']);
    const selector = asRecord(spec?.['selector']);
    if (!selector || pods.length === 0) return [];
    const found = pods.filter((pod) => matches(selector, pod.labels));
    if (found.length === 0) return [`Service ${name}: its selector finds no pod.`];
    return records(spec?.['ports']).flatMap((port) => {
      const target = asText(port['targetPort']) ?? asText(port['port']) ?? '';
      return found.some((pod) => pod.ports.has(target))
        ? []
        : [`Service ${name}: no container has the port ${target}.`];
    });
  });
}

/** Ingress and HTTPRoute lead to a Service and a port of it. */
function routeFaults({ byKind }: Objects): string[] {
  const services = byKind.get('Service');
  const lead = (from: string, name: string | undefined, port: string | undefined): string[] => {
    if (name === undefined) return [];
    const service = services?.get(name);
    if (!service) return [`${from}: there is no Service ${name}.`];
    const ports = records(asRecord(service['spec'])?.['ports']).flatMap((one) => [
      asText(one['name']),
      asText(one['port']),
    ]);
    return port === undefined || ports.includes(port) ? [] : [`${from}: the Service ${name} has no port ${port}.`];
  };
  const ingresses = [...(byKind.get('Ingress') ?? [])].flatMap(([name, object]) =>
    records(asRecord(object['spec'])?.['rules'])
      .flatMap((rule) => records(asRecord(rule['http'])?.['paths']))
      .flatMap((path) => {
        const service = asRecord(asRecord(path['backend'])?.['service']);
        const port = asRecord(service?.['port']);
        return lead(`Ingress ${name}`, asText(service?.['name']), asText(port?.['name']) ?? asText(port?.['number']));
      }),
  );
  const routes = [...(byKind.get('HTTPRoute') ?? [])].flatMap(([name, object]) =>
    records(asRecord(object['spec'])?.['rules'])
      .flatMap((rule) => records(rule['backendRefs']))
      .filter((backend) => backend['namespace'] === undefined && (backend['kind'] ?? 'Service') === 'Service')
      .flatMap((backend) => lead(`HTTPRoute ${name}`, asText(backend['name']), asText(backend['port']))),
  );
  return [...ingresses, ...routes];
}

/** What scales, guards or limits pods finds them. */
function targetFaults({ byKind, pods }: Objects): string[] {
  const scalers = ['HorizontalPodAutoscaler', 'ScaledObject'].flatMap((kind) =>
    [...(byKind.get(kind) ?? [])].flatMap(([name, object]) => {
      const target = asRecord(asRecord(object['spec'])?.['scaleTargetRef']);
      const wanted = asText(target?.['name']) ?? '';
      const targetKind = asText(target?.['kind']) ?? 'Deployment';
      return byKind.get(targetKind)?.has(wanted) ? [] : [`${kind} ${name}: there is no ${targetKind} ${wanted}.`];
    }),
  );
  const selectors = [
    ['PodDisruptionBudget', 'selector'],
    ['NetworkPolicy', 'podSelector'],
  ] as const;
  const guards = selectors.flatMap(([kind, key]) =>
    [...(byKind.get(kind) ?? [])].flatMap(([name, object]) => {
      const wanted = asRecord(asRecord(asRecord(object['spec'])?.[key])?.['matchLabels']) ?? {};
      return pods.length === 0 || pods.some((pod) => matches(wanted, pod.labels))
        ? []
        : [`${kind} ${name}: its selector finds no pod.`];
    }),
  );
  return [...scalers, ...guards];
}

function matches(selector: Record<string, unknown>, labels: Record<string, unknown>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function records(value: unknown): Record<string, unknown>[] {
  return (asList(value) ?? []).flatMap((item) => {
    const record = asRecord(item);
    return record ? [record] : [];
  });
}
