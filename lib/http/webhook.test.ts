import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { InputError, UnauthenticatedError } from '@/lib/errors';
import { isSigned, parseDelivery } from './webhook';

const secret = 'a-webhook-secret';
const sign = (body: string, key = secret) => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
const bytes = (text: string) => new TextEncoder().encode(text);
const headers = (body: string, more: Record<string, string> = {}) =>
  new Headers({
    'x-hub-signature-256': sign(body),
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-github-event': 'pull_request',
    ...more,
  });

describe('signatures', () => {
  test("GitHub's own example", () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(isSigned(bytes('Hello, World!'), signature, "It's a Secret to Everybody")).toBe(true);
  });

  test.each([
    ['another key', sign('{}', 'another')],
    ['another body', sign('{ }')],
    ['a shorter one', sign('{}').slice(0, -1)],
    ['without its prefix', sign('{}').slice(7)],
    ['an empty one', ''],
    ['none', null],
  ])('%s is refused', (_name, signature) => {
    expect(isSigned(bytes('{}'), signature, secret)).toBe(false);
  });

  test('bytes that are no UTF-8 are signed as they are', () => {
    const body = new Uint8Array([0xff, 0xfe, 0x00]);
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    expect(isSigned(body, signature, secret)).toBe(true);
  });
});

describe('deliveries', () => {
  test('only what is used is kept', () => {
    const body = JSON.stringify({
      action: 'closed',
      pull_request: { number: 7, head: { ref: 'slipway/1-x', sha: 'abc' }, user: { email: 'dana@example.com' } },
      sender: { login: 'dana' },
      repository: { full_name: 'ravenhelm/platform', private: true },
    });
    expect(parseDelivery(headers(body), bytes(body), secret)).toEqual({
      id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      event: 'pull_request',
      payload: {
        action: 'closed',
        pull_request: { number: 7, head: { ref: 'slipway/1-x' } },
        repository: { full_name: 'ravenhelm/platform' },
      },
    });
  });

  test('the signature is asked for before anything is read', () => {
    const attempt = () => parseDelivery(new Headers(), bytes('not json'), secret);
    expect(attempt).toThrow(UnauthenticatedError);
  });

  test.each([
    ['not JSON', 'payload=%7B%7D', {}],
    ['no object', '[]', {}],
    ['without a delivery id', '{}', { 'x-github-delivery': '' }],
    ['with a forged event', '{}', { 'x-github-event': '../push' }],
  ])('%s is refused', (_name, body, more) => {
    expect(() => parseDelivery(headers(body, more), bytes(body), secret)).toThrow(InputError);
  });
});
