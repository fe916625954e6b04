import { describe, expect, test } from 'vitest';
import { AuditFilter, auditHref, fieldChanges, parseAuditFilter, subjectHref } from './views';

describe('a search in the URL', () => {
  test('there and back', () => {
    const filter = { who: 'Dana O’Neil', what: 'port', on: '7980', from: '2026-11-01', q: 'a & b' } as const;
    const href = auditHref(filter);
    expect(href).toBe('/audit?who=Dana+O%E2%80%99Neil&what=port&on=7980&from=2026-11-01&q=a+%26+b');
    expect(parseAuditFilter(Object.fromEntries(new URL(href, 'http://portal.test').searchParams))).toEqual(filter);
  });

  test('what is empty does not stand there; an export has the same', () => {
    expect(auditHref({ who: ' ', q: undefined })).toBe('/audit');
    expect(auditHref({ who: 'dana' }, '/api/v1/audit?format=jsonl')).toBe('/api/v1/audit?format=jsonl&who=dana');
  });

  test.each([
    [{ what: 'planet' }],
    [{ kind: 'god' }],
    [{ from: 'yesterday' }],
    [{ to: '2026-13-40' }],
    [{ cursor: '1_2_3' }],
    [{ who: ['a', 'b'] }],
    [{ q: 'x'.repeat(201) }],
    [{ unknown: 'x' }],
  ])('a page takes no notice of %j, and keeps the rest', (params) => {
    expect(parseAuditFilter({ ...params, on: 'egress' })).toEqual({ on: 'egress' });
  });

  test.each([['2026-11-21'], ['2026-11-21T09:00:00Z'], ['2026-11-21T09:00:00+01:00']])('%s is a time', (from) => {
    expect(AuditFilter.safeParse({ from }).success).toBe(true);
  });
});

test('fields in words, of what was made, changed and removed', () => {
  expect(fieldChanges({ before: { port_from: 1, reason: null }, after: { port_from: 2, reason: 'moved' } })).toEqual([
    { field: 'port from', before: '1', after: '2' },
    { field: 'reason', before: undefined, after: 'moved' },
  ]);
  expect(fieldChanges({ before: { until: '2026-12-05T17:51:04.735+01:00' }, after: { until: null } })).toEqual([
    { field: 'until', before: '2026-12-05 16:51:04 UTC', after: undefined },
  ]);
  expect(fieldChanges({ before: undefined, after: { ports: [1] } })).toEqual([
    { field: 'ports', before: undefined, after: '[1]' },
  ]);
  expect(fieldChanges({ before: { name: 'x' }, after: undefined })).toEqual([
    { field: 'name', before: 'x', after: undefined },
  ]);
});

test('where a subject is looked at', () => {
  const entry = {
    subject: { kind: 'service', id: 'a b' },
    requestNumber: undefined,
    service: 'a b',
    action: 'changed',
  };
  expect(subjectHref(entry)).toBe('/services/a%20b');
  expect(subjectHref({ ...entry, action: 'removed' })).toBeUndefined();
  expect(subjectHref({ ...entry, requestNumber: 7 })).toBe('/requests/7');
  expect(subjectHref({ ...entry, subject: { kind: 'port', id: '80 tcp x' } })).toBe('/ports');
});
