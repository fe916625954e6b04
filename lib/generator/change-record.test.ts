// What a body carries is read back as it was written, and what somebody else wrote into it does no harm.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeChangeRecord, digestInBody, encodeChangeRecord, type ChangeRecord } from './change-record';
import { resolvedSpec } from './test-resolved-spec';
import { mediaRelay, transcriber, worker } from './test-specs';

const baseSha = 'ab12'.repeat(10);
const comment = (payload: unknown, action = 'add', sha = baseSha) =>
  `<!-- slipway:spec ${gzipSync(JSON.stringify(payload)).toString('base64url')} ${action} ${sha} -->`;

describe('the record of a change', () => {
  it.each([
    ['add', resolvedSpec(transcriber, 60), undefined],
    ['remove', resolvedSpec(mediaRelay, 7), undefined],
    ['change', resolvedSpec({ ...worker, lifecycle: 'beta' }), resolvedSpec(worker)],
  ] as const)('%s comes back as it was', (action, resolved, before) => {
    const record: ChangeRecord = { action, baseSha, resolved, ...(before ? { before } : {}) };
    const text = encodeChangeRecord(record) ?? '';
    expect(text).toMatch(/^<!-- slipway:spec [\w-]+ \w+ [0-9a-f]{40} -->$/);
    expect(text.length).toBeLessThan(3000);
    expect(decodeChangeRecord(`A body.\r\n\r\n${text}\r\n`)).toEqual({ record });
  });

  it('is the last one of the body', () => {
    const own = encodeChangeRecord({ action: 'add', baseSha, resolved: resolvedSpec(worker) }) ?? '';
    const typed = encodeChangeRecord({ action: 'add', baseSha, resolved: resolvedSpec(transcriber, 3) }) ?? '';
    const found = decodeChangeRecord(`${typed}\n${own}`);
    expect('record' in found && found.record.resolved.name).toBe('night-worker');
  });

  it('is left out where it would take too much of the body', () => {
    const environment = Array.from({ length: 3000 }, (_, index) => ({
      name: `V${index}`,
      value: String(Math.sin(index) * 1e15),
    }));
    const resolved = { ...resolvedSpec(worker), runtime: { ...resolvedSpec(worker).runtime, environment } };
    expect(encodeChangeRecord({ action: 'add', baseSha, resolved }) === undefined).toBe(true);
  });

  it.each([
    ['no record', 'A body that somebody wrote anew.'],
    [
      'a cut record',
      (encodeChangeRecord({ action: 'add', baseSha, resolved: resolvedSpec(worker) }) ?? '').replace(
        /.{40}( add)/,
        '$1',
      ),
    ],
    ['no gzip', `<!-- slipway:spec bm90IGd6aXA add ${baseSha} -->`],
    ['more than it says: a small text that unpacks to a large one', comment('a'.repeat(5_000_000))],
    ['another shape', comment({ resolved: { name: 'x' } })],
    ['a prototype', comment({ resolved: resolvedSpec(worker), ['__proto__x']: {} })],
    [
      'a port that is not decided',
      comment({ resolved: { ...resolvedSpec(mediaRelay), ports: [{ name: 'a', internal: 80, why: 'w' }] } }),
    ],
    ['an action that there is not', comment({ resolved: resolvedSpec(worker) }, 'destroy')],
    ['a commit that is none', comment({ resolved: resolvedSpec(worker) }, 'add', 'abc')],
  ])('says what is wrong with %s', (_name, body) => {
    const found = decodeChangeRecord(body);
    expect('problem' in found && found.problem).toMatch(/\.$|: /);
    expect(found).not.toHaveProperty('record');
  });

  it('refuses to be written for what is no commit', () => {
    expect(() => encodeChangeRecord({ action: 'add', baseSha: 'main -->', resolved: resolvedSpec(worker) })).toThrow();
  });
});

describe('the digest in a body', () => {
  const digest = 'cd34'.repeat(16);
  it('is the last one', () => {
    expect(digestInBody(`Change set \`${'0'.repeat(64)}\`\n\nChange set \`${digest}\`\n`)).toBe(digest);
  });
  it('is none where nobody wrote one', () => expect(digestInBody(`Change set ${digest}`)).toBeUndefined());
});
