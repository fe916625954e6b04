/** `values.schema.json`: Helm refuses values that the templates do not know, so that a misspelt key is not silently without effect. */

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const texts = { type: 'object', additionalProperties: text } as const;
const anything = { type: 'object' } as const;

function closed(properties: Record<string, object>, required: readonly string[] = Object.keys(properties)): object {
  return { type: 'object', additionalProperties: false, required, properties };
}

const store = closed({ kind: { enum: ['ClusterSecretStore', 'SecretStore'] }, name: text });
const path = { type: 'string', pattern: '^/' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const labels = { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } } as const;
const container = { type: 'integer', minimum: 1, maximum: 65535 } as const;
const labelName = { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' } as const;

/** The schema of the chart's values, as the file's text. @param entry the block that opens the service to the outside. */
export function renderValuesSchema(name: string, entry: 'ingress' | 'route'): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Values of the chart ${name}`,
    ...closed({ ...workload, [entry]: entries[entry], ...operations }),
  };
  // Helm puts the values of parent charts here.
  Object.assign(schema, { properties: { global: anything, ...(schema as { properties?: object }).properties } });
  return `${compact(schema, '')}\n`;
}

const workload = {
  replicas: count,
  image: closed({
    repository: { type: 'string', minLength: 1 },
    tag: text,
    digest: { type: 'string', pattern: '^(sha256:[a-f0-9]{64})?$' },
    pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
  }),
  imagePullSecrets: { type: 'array', items: closed({ name: text }) },
  serviceAccount: closed({ create: flag, name: text, annotations: texts, automountToken: flag }),
  podAnnotations: texts,
  podSecurityContext: anything,
  securityContext: anything,
  writableTmp: flag,
  ports: {
    type: 'array',
    items: closed({
      name: { ...labelName, maxLength: 15 },
      containerPort: container,
      protocol: { enum: ['TCP', 'UDP'] },
    }),
  },
  service: closed({ type: { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] } }),
  env: texts,
  configMap: closed({ enabled: flag }),
  probes: closed({ startup: anything, readiness: anything, liveness: anything }),
  resources: closed({ requests: texts, limits: texts }, []),
  persistence: {
    type: 'array',
    items: closed({
      name: { ...labelName, maxLength: 63 },
      size: text,
      accessMode: { enum: ['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany', 'ReadOnlyMany'] },
      storageClass: text,
      mounts: { type: 'array', minItems: 1, items: closed({ path, readOnly: flag }) },
    }),
  },
};

const entry = { enabled: flag, host: text, path, port: text };
const entries = {
  ingress: closed({ ...entry, className: text, tlsSecretName: text, annotations: texts }),
  route: closed({
    ...entry,
    gateway: closed({ name: text, namespace: text }),
    filters: { type: 'array', items: anything },
    timeouts: texts,
  }),
};

const peers = {
  type: 'array',
  items: closed(
    { name: text, namespace: text, service: text, cidr: text, ports: { type: 'array', items: container } },
    ['name'],
  ),
};

const operations = {
  networkPolicy: closed({
    enabled: flag,
    ingressNamespace: text,
    monitoringNamespace: text,
    dnsNamespace: text,
    from: peers,
    to: peers,
  }),
  externalSecret: closed({
    enabled: flag,
    refreshInterval: text,
    mountPath: path,
    store,
    secrets: texts,
    parameterStore: store,
    parameters: texts,
  }),
  autoscaling: closed({
    enabled: flag,
    minReplicas: { ...count, minimum: 1 },
    maxReplicas: { ...count, minimum: 1 },
    cpuPercent: { ...count, minimum: 1 },
    memoryPercent: count,
  }),
  queueScaling: closed({
    enabled: flag,
    queueURL: text,
    region: text,
    messagesPerReplica: { ...count, minimum: 1 },
    minReplicas: count,
    maxReplicas: { ...count, minimum: 1 },
  }),
  disruptionBudget: closed({
    enabled: flag,
    minAvailable: { anyOf: [count, { type: 'string', pattern: '^(100|[1-9]?[0-9])%$' }] },
  }),
  serviceMonitor: closed({
    enabled: flag,
    port: text,
    path,
    params: { type: 'object', additionalProperties: { type: 'array', items: text } },
    interval: text,
    labels,
  }),
  prometheusRule: closed({
    enabled: flag,
    labels,
    runbookUrl: text,
    alerts: {
      type: 'array',
      items: closed(
        { name: text, expression: text, for: text, severity: { enum: ['P1', 'P2', 'P3'] }, summary: text },
        ['name', 'expression', 'severity', 'summary'],
      ),
    },
  }),
  costLabels: labels,
};

const WIDTH = 110;

/** JSON with what fits on a line on one line: a reviewer reads forty lines where indentation throughout would make three hundred. */
function compact(value: unknown, indent: string): string {
  const short = JSON.stringify(value, null, 1).replace(/\s*\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + short.length <= WIDTH) return short;
  const inner = `${indent}  `;
  const [open, close, entries] = Array.isArray(value)
    ? ['[', ']', value.map((item) => compact(item, inner))]
    : ['{', '}', Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${compact(item, inner)}`)];
  return `${open}\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}${close}`;
}
