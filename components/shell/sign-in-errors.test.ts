import { describe, expect, it } from 'vitest';
import { safeNext, signInError } from './sign-in-errors';

describe('safeNext', () => {
  it.each([
    ['/requests/142?view=review#checks', '/requests/142?view=review#checks'],
    ['/', '/'],
    [undefined, '/services'],
    ['', '/services'],
    ['https://evil.test/', '/services'],
    ['//evil.test/', '/services'],
    ['/\\evil.test', '/services'],
    ['/\t/evil.test', '/services'],
    ['/.//evil.test/', '/services'],
    ['/..//evil.test/', '/services'],
    ['/a/..//evil.test/', '/services'],
    ['javascript:alert(1)', '/services'],
    ['/sign-in?next=/x', '/services'],
  ])('%s leads to %s', (next, safe) => {
    expect(safeNext(next)).toBe(safe);
  });
});

it('has words for every code and for none', () => {
  expect(signInError(undefined)).toBeUndefined();
  expect(signInError('OAuthCallback')).toContain('identity provider');
  expect(signInError('toString')).toBe('The sign-in did not work. Try again.');
});
