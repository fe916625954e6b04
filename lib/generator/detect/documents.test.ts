// What is guessed of documents and of what watches, in the layouts of public repositories.
import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { Guesses } from './guess';
import { detectObservability } from './observability';
import { detectRunbooks } from './runbooks';

const runbooks = (files: Record<string, string>) => detectRunbooks(treeOf(files), new Guesses());
const watching = (files: Record<string, string>) => detectObservability(treeOf(files), new Guesses());

describe('runbooks', () => {
  it.each([
    ['RUNBOOK-001-a.md', 'RUNBOOK-{number}-{slug}.md'],
    ['runbook_001_a.md', 'runbook_{number}_{slug}.md'],
    ['runbook_001.md', 'runbook_{number}.md'],
    ['001-a.md', '{number}-{slug}.md'],
    ['restart-postgres.md', '{slug}.md'],
  ])('are named like %s', (name, fileName) => {
    expect(runbooks({ [`ops/runbooks/${name}`]: '', 'ops/runbooks/README.md': '' })).toEqual({
      folder: 'ops/runbooks',
      fileName,
    });
  });

  it('are not what is numbered elsewhere, nor a folder of examples', () => {
    expect(runbooks({ 'docs/decisions/001-a.md': '', 'examples/runbooks/RUNBOOK-001-a.md': '' })).toBeUndefined();
  });

  it('are learnt from their own names, whatever these are about, and from the README beside them', () => {
    expect(
      runbooks({
        'docs/runbooks/backup_and_restore.md': '',
        'docs/runbooks/key_rotation.md': '',
        'docs/runbooks/_template.md': '',
        'docs/runbooks/README.md': '- [Backup](backup_and_restore.md)\n- [Keys](key_rotation.md)\n',
        'README.md': '- [Backup](docs/runbooks/backup_and_restore.md)\n- [Keys](docs/runbooks/key_rotation.md)\n',
        'mkdocs.yml': 'nav:\n  - Backup: runbooks/backup_and_restore.md\n  - Keys: runbooks/key_rotation.md\n',
      }),
    ).toEqual({
      folder: 'docs/runbooks',
      fileName: '{slug_}.md',
      catalog: 'docs/runbooks/README.md',
      navigation: 'mkdocs.yml',
    });
  });

  it('are nowhere in particular where each topic has a folder of them', () => {
    expect(
      runbooks({
        'docs/data/runbooks/restore.md': '',
        'docs/data/runbooks/failover.md': '',
        'docs/network/runbooks/dns.md': '',
        'docs/network/runbooks/edge/mail.md': '',
      }),
    ).toBeUndefined();
  });

  it('are listed in a catalog, an index and a README, and linked by the web', () => {
    expect(
      runbooks({
        'docs/runbooks/RUNBOOK-001-a.md': '',
        'docs/wikis/Runbook-Index.md': '- [a](../runbooks/RUNBOOK-001-a.md)\n',
        'docs/wikis/architecture-index.md': '',
        'README.md': '# X\n\n## Services\n\n- a\n- b\n',
        'rules.yml': 'runbook_url: https://git.test/p/-/blob/main/docs/runbooks/RUNBOOK-001-a.md\n',
      }),
    ).toEqual({
      folder: 'docs/runbooks',
      fileName: 'RUNBOOK-{number}-{slug}.md',
      catalog: 'docs/wikis/Runbook-Index.md',
      architectureIndex: 'docs/wikis/architecture-index.md',
      readme: { file: 'README.md', heading: 'Services' },
      baseUrl: 'https://git.test/p/-/blob/main',
    });
  });
});

describe('what watches', () => {
  it('is found by what the files say', () => {
    expect(
      watching({
        'monitoring/prometheus/prometheus.yml':
          'scrape_configs:\n  - job_name: tcp\n    metrics_path: /probe\n    params: { module: [tcp_connect] }\n  - job_name: web\n    metrics_path: /probe\n    static_configs: [{ targets: [https://a.test] }]\n',
        'monitoring/prometheus/alerts/a.yml': 'groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: up\n',
        'monitoring/grafana/a.json': '{"schemaVersion": 39, "panels": []}',
        'monitoring/services-inventory.yml':
          'services:\n  - name: a\n    host: a.test\n  - name: b\n    host: b.test\n',
        'ansible/inventory.yml': '',
        'docs/ops.md': '```\ncurl -X POST http://localhost:9090/-/reload\n```\n',
      }),
    ).toEqual({
      prometheus: 'monitoring/prometheus/prometheus.yml',
      probeJob: 'web',
      rules: 'monitoring/prometheus/alerts',
      dashboards: 'monitoring/grafana',
      inventory: 'monitoring/services-inventory.yml',
      reloadCommand: 'curl -X POST http://localhost:9090/-/reload',
    });
    expect(watching({ 'a.json': '{}', 'prometheus.yml': 'global: {}\n' })).toBeUndefined();
  });

  it('is not what reads logs, nor a service that is called inventory', () => {
    expect(
      watching({
        'config/promtail.yml':
          'positions:\n  filename: /tmp/p\nclients:\n  - url: http://loki:3100\nscrape_configs:\n  - job_name: a\n',
        'apps/inventory.yaml':
          'apiVersion: v1\nkind: Service\nmetadata:\n  name: inventory\nspec:\n  ports:\n    - { port: 1 }\n    - { port: 2 }\n',
        'shop/inventory.yaml': 'image: shop/inventory:1\nreplicas: 2\n',
      }),
    ).toBeUndefined();
  });

  it('takes no page into a job that finds its targets by itself', () => {
    const job = (name: string, targets: string) => `  - job_name: ${name}\n    metrics_path: /probe\n    ${targets}\n`;
    const discovered = job('bandwidth', 'dockerswarm_sd_configs: [{ role: nodes }]');
    const listed = job('web', 'static_configs: [{ targets: [https://a.test] }]');
    expect(watching({ 'prometheus.yml': `scrape_configs:\n${discovered}` })).not.toHaveProperty('probeJob');
    expect(watching({ 'prometheus.yml': `scrape_configs:\n${discovered}${listed}` })).toHaveProperty('probeJob', 'web');
  });
});
