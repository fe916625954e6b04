/** A service that asks Kubernetes for everything, for the tests of this emitter. */
import type { ManifestInput } from '@/lib/services/manifest';

export const orderIntake: ManifestInput = {
  name: 'order-intake',
  purpose: 'Takes orders from a queue',
  category: 'events',
  owner: 'data',
  maintainers: ['dana@example.com'],
  ports: [
    { name: 'http', internal: 8080, external: 'none', why: 'API' },
    { name: 'metrics', internal: 9090, external: 'none', why: 'Prometheus' },
  ],
  security: {
    access: 'own-oauth',
    oauth: { clientId: 'order-intake' },
    secrets: [
      { name: 'order-intake/database', environment: 'DATABASE_SECRET_NAME', purpose: 'Database' },
      { name: 'order-intake/region', environment: 'REGION_PARAMETER', purpose: 'Where it runs', store: 'parameter' },
    ],
  },
  runtime: {
    source: { kind: 'image', image: 'ghcr.io/example/order-intake:2.0' },
    environment: [{ name: 'LOG_LEVEL', value: 'info' }],
    dependsOn: ['postgres'],
    healthCheck: { path: '/healthz?full=1', port: 'http', intervalSeconds: 10 },
    kubernetes: {
      configMap: true,
      roleArns: {
        dev: 'arn:aws:iam::000000000000:role/order-intake-dev',
        prod: 'arn:aws:iam::000000000000:role/order-intake',
      },
      networkPolicy: {
        from: [{ name: 'the shop', namespace: 'shop', service: 'storefront', ports: [8080] }],
        to: [
          { name: 'postgres', service: 'postgres', ports: [5432] },
          { name: 'AWS', cidr: '10.0.0.0/8', ports: [443] },
          { name: 'traces', namespace: 'observability' },
        ],
      },
      autoscaling: { kind: 'queue', queue: 'orders', min: 0, max: 12, messagesPerReplica: 20 },
      disruptionBudget: { minAvailable: '50%' },
    },
  },
  routing: { host: 'orders.ravenhelm.test', path: '/orders', port: 'http', sse: true },
  observability: {
    metrics: { port: 'metrics', path: '/metrics?format=text', intervalSeconds: 15 },
    alerts: [
      {
        name: 'OrdersWait',
        expression: 'sqs_messages_visible{queue="orders"} > 100',
        forMinutes: 10,
        severity: 'P1',
        summary: 'Orders wait in {{ $labels.queue }}',
      },
      { name: 'OrderIntakeDown', expression: 'up{job="order-intake"} == 0', forMinutes: 0, summary: 'It is down' },
    ],
  },
  messaging: {
    queues: [{ name: 'orders', environment: 'ORDERS_QUEUE_URL' }],
    publishes: [{ topic: 'shipped', environment: 'SHIPPED_TOPIC_ARN' }],
  },
};
