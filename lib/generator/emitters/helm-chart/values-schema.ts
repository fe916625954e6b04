/** `values.schema.json`: Helm refuses values that the templates do not know, so that a misspelt key is not silently without effect. */

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const texts = { type: 'object', additionalProperties: text } as const;
const anything = { type: 'object' } as const;

function closed(properties: Record<string, object>, required: readonly string[] = Object.keys(properties)): object {
  return { type: 'object', additionalProperties: false, required, properties };
}

const container = { type: 'integer', minimum: 1, maximum: 65535 } as const;
const labelName = { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' } as const;

/** The schema of the chart's values, as the file's text. */
export function renderValuesSchema(name: string): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Values of the chart ${name}`,
    type: 'object',
    additionalProperties: false,
    required: [
      'replicas',
      'image',
      'serviceAccount',
      'podSecurityContext',
      'securityContext',
      'ports',
      'service',
      'resources',
    ],
    properties: {
      global: anything,
      replicas: { type: 'integer', minimum: 0 },
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
      probes: closed({ startup: anything, readiness: anything, liveness: anything }),
      resources: closed({ requests: texts, limits: texts }, []),
      persistence: {
        type: 'array',
        items: closed({
          name: { ...labelName, maxLength: 63 },
          size: text,
          accessMode: { enum: ['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany', 'ReadOnlyMany'] },
          storageClass: text,
          mounts: {
            type: 'array',
            minItems: 1,
            items: closed({ path: { type: 'string', pattern: '^/' }, readOnly: flag }),
          },
        }),
      },
      ingress: closed({
        enabled: flag,
        className: text,
        host: text,
        path: { type: 'string', pattern: '^/' },
        port: text,
        tlsSecretName: text,
        annotations: texts,
      }),
      externalSecret: closed({
        enabled: flag,
        refreshInterval: text,
        storeKind: { enum: ['ClusterSecretStore', 'SecretStore'] },
        storeName: text,
        mountPath: { type: 'string', pattern: '^/' },
        secrets: texts,
      }),
      costLabels: { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } },
    },
  };
  return `${compact(schema, '')}\n`;
}

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
