import { describe, expect, it } from 'vitest';
import { findTool } from '@/lib/adapters/tools/find-tool';
import { describeTools } from './describe-tools';

describe('describeTools', () => {
  it('says what is absent, how to get it, and that nobody need start again', async () => {
    const text = await describeTools((name) =>
      name === 'helm'
        ? Promise.resolve({ kind: 'found', command: '/x/helm', before: [], version: '3.18' })
        : findTool(name, { places: {}, ownFolder: undefined, path: '' }),
    );
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toContain('There is no shellcheck here. Run "make tools"');
    expect(text).toContain('There is no Docker Compose 2 here. Run "make tools"');
    expect(text).not.toContain('Helm');
    expect(text).toContain('need not be started again');
  });

  it('says the versions where all are here', async () => {
    const version = '9.1';
    const text = await describeTools(() => Promise.resolve({ kind: 'found', command: '/x', before: [], version }));
    expect(text).toBe('Checks of a change: all, with helm 9.1, compose 9.1, shellcheck 9.1');
  });
});
