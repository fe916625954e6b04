// The checks of what people read and of what watches: a sound change, and changes with one seeded fault each.
import { describe, expect, it } from 'vitest';
import { digestOf } from '../digest';
import { treeOf } from '../overlay';
import { Profile } from '../profile';
import { resolvedSpec } from '../test-resolved-spec';
import type { FileChange, Plan } from '../types';
import { checkInput } from './check';
import { markdownLinks } from './markdown-links';
import { prometheusValid } from './prometheus-valid';
import { runbookNumberFree } from './runbook-number-free';

const profile = Profile.parse({
  platform: { name: 'x', domain: 'x.test' },
  runbooks: { folder: 'docs/runbooks', catalog: 'docs/wiki/Catalog.md', baseUrl: 'https://git.test/p/blob/main' },
  observability: { prometheus: 'prom/prometheus.yml', rules: 'prom/rules' },
});
const manifest = resolvedSpec(
  {
    name: 'relay',
    purpose: 'Relays',
    category: 'media',
    owner: 'o',
    runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
  },
  8,
);
const base: Record<string, string> = {
  'docs/runbooks/RUNBOOK-007-old.md': '# RUNBOOK-007: Old\n\n## Steps\n',
  // Links from the root, an old fault among them.
  'docs/wiki/Catalog.md':
    '| Runbook | Use |\n|---|---|\n| [RUNBOOK-007](docs/runbooks/RUNBOOK-007-old.md) | x |\n| [gone](docs/runbooks/gone.md) | x | y |\n',
  'docs/wiki/Index.md': '- [Old](../runbooks/RUNBOOK-007-old.md)\n- [[Catalog]]\n',
  'prom/prometheus.yml': 'scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [a:1]\n',
};

function planOf(after: Record<string, string>): Plan {
  const files: FileChange[] = Object.entries(after).map(([path, text]) => ({
    path,
    before: base[path] ?? null,
    after: text,
    executable: false,
  }));
  const commits: Plan['commits'] = [{ key: 'docs', subject: 'docs: x', body: '', files }];
  return {
    action: 'add',
    outcome: 'changes',
    commits,
    files,
    conflicts: [],
    refusals: [],
    findings: [],
    followUps: [],
    digest: digestOf(commits),
  };
}

function inputOf(after: Record<string, string>, before: Record<string, string> = base) {
  return checkInput({ plan: planOf(after), manifest, profile, tree: treeOf(before) });
}

const page = 'docs/runbooks/RUNBOOK-008-relay.md';

describe('links and tables in Markdown', () => {
  const run = (after: Record<string, string>) => markdownLinks.run(inputOf(after));

  it('pass where every added link leads somewhere the way its file writes them, old faults or not', () => {
    const result = run({
      [page]:
        '# RUNBOOK-008: Relay\n\n[steps](#what-to-do), [old](RUNBOOK-007-old.md#steps), [web](https://elsewhere.test/x), [own](https://git.test/p/blob/main/docs/wiki/Index.md)\n\n## What to do\n\n```md\n[example](nowhere.md)\n```\n\n`[code](nowhere.md)` [x][y]\n\n[y]: https://y.test\n',
      'docs/wiki/Catalog.md': `${base['docs/wiki/Catalog.md'] ?? ''}| [RUNBOOK-008](docs/runbooks/RUNBOOK-008-relay.md) | a \\| b |\n`,
      'docs/wiki/Index.md': `${base['docs/wiki/Index.md'] ?? ''}- [Relay](../runbooks/RUNBOOK-008-relay.md) [[RUNBOOK-008-relay|Relay]]\n`,
    });
    expect(result.detail.split('\n').filter((line) => line.includes('nothing'))).toEqual([]);
    expect(result.status).toBe('pass');
    expect(result.summary).toMatch(/^7 links in 3 files/);
  });

  it.each([
    ['a missing page', { [page]: '# R\n\n[x](RUNBOOK-009-gone.md)\n' }, 'RUNBOOK-009-gone.md'],
    ['a missing anchor', { [page]: '# R\n\n[x](#nowhere)\n' }, '#nowhere'],
    ['a missing anchor of another page', { [page]: '# R\n\n[x](RUNBOOK-007-old.md#nowhere)\n' }, '#nowhere'],
    [
      'a page of this repository by its address',
      { [page]: '# R\n\n[x](https://git.test/p/blob/main/docs/gone.md)\n' },
      'gone.md',
    ],
    [
      'a path from the file where the file writes from the root',
      { 'docs/wiki/Catalog.md': `${base['docs/wiki/Catalog.md'] ?? ''}| [x](../runbooks/RUNBOOK-007-old.md) | y |\n` },
      '../runbooks',
    ],
    [
      'a path from the root where the file writes from itself',
      { 'docs/wiki/Index.md': `${base['docs/wiki/Index.md'] ?? ''}- [x](docs/runbooks/RUNBOOK-007-old.md)\n` },
      'docs/runbooks',
    ],
    [
      'a wiki page that nobody wrote',
      { 'docs/wiki/Index.md': `${base['docs/wiki/Index.md'] ?? ''}- [[Nothing]]\n` },
      'Nothing',
    ],
    ['a reference without its definition', { [page]: '# R\n\n[x][nobody]\n' }, '[nobody]'],
    [
      'a row with a column too many',
      { 'docs/wiki/Catalog.md': `${base['docs/wiki/Catalog.md'] ?? ''}| a | b | c |\n` },
      '3 columns in a table of 2',
    ],
  ])('fail on %s', (_, after, told) => {
    const result = run(after);
    expect(result.status).toBe('fail');
    expect(result.summary).toContain(told);
  });
});

describe('the number of a runbook', () => {
  it('is nobody’s business where pages go by their names', () => {
    const named = Profile.parse({
      platform: { name: 'x', domain: 'x.test' },
      runbooks: { folder: 'docs/runbooks', fileName: '{slug}.md' },
    });
    const before = { 'docs/runbooks/relay.md': '# RUNBOOK-008: Relay\n' };
    const input = checkInput({
      plan: planOf({}),
      manifest: { ...manifest, runbook: { number: 8 } },
      profile: named,
      tree: treeOf(before),
    });
    expect(runbookNumberFree.run(input).status).toBe('pass');
  });
});

describe('Prometheus takes jobs and rules', () => {
  const run = (after: Record<string, string>) => prometheusValid.run(inputOf(after));
  const rules = (rule: string) => ({
    'prom/rules/relay.yml': `groups:\n- name: relay\n  rules:\n  - ${rule.replaceAll('\n', '\n    ')}\n`,
    [page]: '# RUNBOOK-008\n',
  });
  const job = (text: string) => ({ 'prom/prometheus.yml': `${base['prom/prometheus.yml'] ?? ''}${text}` });

  it('pass on a sound job and sound rules', () => {
    expect(
      run(job("- job_name: relay\n  scrape_interval: 1m30s\n  static_configs:\n  - targets: ['relay:9090']\n")).status,
    ).toBe('pass');
    const good = rules(
      'alert: RelayDown\nexpr: sum(rate(x{a="}"}[5m])) by (le) == 0\nfor: 5m\nannotations:\n  runbook: docs/runbooks/RUNBOOK-008-relay.md',
    );
    expect(run(good)).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['a job twice', job('- job_name: a\n  static_configs:\n  - targets: [b:1]\n'), 'twice'],
    [
      'a target with a path',
      job('- job_name: relay\n  static_configs:\n  - targets: ["http://relay:1/metrics"]\n'),
      'no host and port',
    ],
    [
      'an interval that is none',
      job('- job_name: relay\n  scrape_interval: 30\n  static_configs:\n  - targets: [b:1]\n'),
      'no duration',
    ],
    ['a misspelt key', rules('alert: A\nexpr: up\nlables: {}'), 'lables'],
    ['an expression that does not close', rules('alert: A\nexpr: sum(rate(x[5m])'), 'do not match'],
    ['a duration that is none', rules('alert: A\nexpr: up\nfor: 5 minutes'), 'duration'],
    ['a label with a hyphen', rules('alert: A\nexpr: up\nlabels:\n  my-label: x'), 'label'],
    [
      'a runbook that is not there',
      rules('alert: A\nexpr: up\nannotations:\n  runbook: docs/runbooks/RUNBOOK-009-x.md'),
      'RUNBOOK-009-x.md',
    ],
  ])('fail on %s', (_, after, told) => {
    const result = run(after);
    expect(result.status).toBe('fail');
    expect(result.detail).toContain(told);
  });
});

describe('the runbook’s number', () => {
  it('is taken by a page that says so in its name, whatever the style of the name', () => {
    for (const path of [
      'docs/runbooks/008-other.md',
      'docs/runbooks/runbook_008.md',
      'docs/runbooks/RB-008 other.md',
    ]) {
      const before = { ...base, [path]: '# Other\n' };
      expect(runbookNumberFree.run(inputOf({ [page]: '# RUNBOOK-008: Relay\n' }, before)).status, path).toBe('fail');
    }
    expect(runbookNumberFree.run(inputOf({ [page]: '# RUNBOOK-008: Relay\n' })).status).toBe('pass');
  });
});
