import { expect, test } from 'vitest';
import { Claims, verifiedEmail } from './providers';

test.each([
  [true, 'erin@example.com'],
  ['true', 'erin@example.com'],
  [false, undefined],
  ['false', undefined],
  [undefined, undefined],
])('an address that the provider calls verified: %s', (verified, address) => {
  expect(verifiedEmail(Claims.parse({ sub: '1', email: 'erin@example.com', email_verified: verified }))).toBe(address);
});
