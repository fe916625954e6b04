import { expect, test } from 'vitest';
import { auditOriginOf, nobody, personOf } from './audit-origin-of';
import { requestIdOf } from './request-id';

const call = { actor: nobody, way: 'api' as const, operation: 'GET /' };
const originOf = (headers: Record<string, string>) => auditOriginOf(new Headers(headers), call);

test.each([
  ['abcdefgh', 'abcdefgh'],
  ['4bf92f3577b34da6:00f067aa-0.b_a9', '4bf92f3577b34da6:00f067aa-0.b_a9'],
])('the caller’s id %s is taken', (given, expected) => {
  expect(requestIdOf(new Headers({ 'x-request-id': given }))).toBe(expected);
});

test.each([
  ['too short', 'abc'],
  ['too long', 'a'.repeat(81)],
  ['with a blank', 'abcdefgh ijkl'],
  ['with a quote', 'abcdefgh"'],
  ['no ASCII', 'abcdefghé'],
  ['none', undefined],
])('%s: a new one is made, another each time', (_name, given) => {
  const headers = new Headers(given === undefined ? {} : { 'x-request-id': given });
  const made = [requestIdOf(headers), requestIdOf(headers)];
  for (const id of made) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(made).size).toBe(2);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['10.9.8.7, 203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['203.0.113.7, <script>', undefined],
  ['', undefined],
])('from X-Forwarded-For "%s" the nearest server’s word counts: %s', (header, expected) => {
  expect(originOf({ 'x-forwarded-for': header }).address).toBe(expected);
});

test('a browser’s name is cut; a person is named with their row', () => {
  expect(originOf({ 'user-agent': 'x'.repeat(5000) }).userAgent).toHaveLength(300);
  expect(originOf({}).userAgent).toBeUndefined();
  expect(personOf({ id: 'an-id', name: 'Dana' })).toEqual({ kind: 'person', id: 'an-id', name: 'Dana' });
});
