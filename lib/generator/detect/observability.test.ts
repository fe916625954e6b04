import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { Guesses } from './guess';
import { detectObservability } from './observability';

const rules = 'groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: up\n';
const files = {
  'monitoring/prometheus.yml': 'rule_files:\n  - rules/*.yml\nscrape_configs: []\n',
  'monitoring/rules/a.yml': rules,
  'elsewhere/rules/a.yml': rules,
  'elsewhere/rules/b.yml': rules,
};
const detect = (more: Record<string, string>) => detectObservability(treeOf({ ...files, ...more }), new Guesses());

describe('what is guessed about what watches', () => {
  it('takes the rules that the configuration loads, though more lie elsewhere', () => {
    expect(detect({})).toMatchObject({ prometheus: 'monitoring/prometheus.yml', rules: 'monitoring/rules' });
    const none = { 'monitoring/prometheus.yml': 'scrape_configs: []\n' };
    expect(detect(none)).toMatchObject({ rules: 'elsewhere/rules' });
  });

  it('takes no command that has gaps to fill in or a password in it', () => {
    const say = (line: string) => detect({ 'README.md': `Reload it:\n\n    ${line}\n` })?.['reloadCommand'];
    expect(say('curl -X POST http://localhost:9090/-/reload')).toBe('curl -X POST http://localhost:9090/-/reload');
    expect(say('curl -X POST http://<host-ip>:9090/-/reload')).toBeUndefined();
    expect(say('curl -X POST http://me:word@localhost:9090/-/reload')).toBeUndefined();
  });
});
