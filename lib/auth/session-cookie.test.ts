import { encode, type JWT } from 'next-auth/jwt';
import { expect, test } from 'vitest';
import { actorInCookies, type Cookie } from './session-cookie';

const settings = {
  sessionSecret: 'a secret that is long enough for a test',
  url: 'https://slipway.test',
  roleMap: { ops: 'operator' as const },
};
const NAME = '__Secure-next-auth.session-token';
const dana: JWT = { userId: 'row-of-dana', name: 'Dana', groups: ['ops'] };
const tokenOf = (token: JWT, maxAge = 3600, secret = settings.sessionSecret) => encode({ token, secret, maxAge });
const cookie = (value: string, name = NAME): Cookie[] => [
  { name: 'theme', value: 'dark' },
  { name, value },
];

test('who has signed in, with the role that their groups have now', async () => {
  const token = await tokenOf(dana);
  const actor = { id: 'row-of-dana', name: 'Dana', role: 'operator' };
  expect(await actorInCookies(cookie(token), settings)).toEqual(actor);
  // Once more, and from what is known.
  expect(await actorInCookies(cookie(token), settings)).toEqual(actor);
});

test('a token in pieces, in whatever order the browser sends them', async () => {
  const token = await tokenOf({ ...dana, idToken: 'x'.repeat(300) });
  const pieces = Array.from({ length: 11 }, (_, index) => ({
    name: `${NAME}.${index}`,
    value: token.slice(index * 90, index === 10 ? undefined : (index + 1) * 90),
  }));
  expect(await actorInCookies(pieces.toReversed(), settings)).toMatchObject({ id: 'row-of-dana' });
  expect(await actorInCookies(pieces.slice(1), settings)).toBeUndefined();
});

test('nobody: no cookie, one of another name, one that is forged, one of another secret, one without a row', async () => {
  const token = await tokenOf(dana);
  expect(await actorInCookies([], settings)).toBeUndefined();
  expect(await actorInCookies(cookie(token, 'next-auth.session-token'), settings)).toBeUndefined();
  expect(await actorInCookies(cookie(token, `${NAME}.of-another`), settings)).toBeUndefined();
  expect(await actorInCookies(cookie(`${token.slice(0, -4)}AAAA`), settings)).toBeUndefined();
  expect(await actorInCookies(cookie('nothing'), settings)).toBeUndefined();
  expect(await actorInCookies(cookie(await tokenOf(dana, 3600, 'another secret')), settings)).toBeUndefined();
  expect(await actorInCookies(cookie(await tokenOf({ name: 'Dana' })), settings)).toBeUndefined();
});

test('a token that is known is nothing to a process with another secret', async () => {
  const token = await tokenOf(dana);
  expect(await actorInCookies(cookie(token), settings)).toBeDefined();
  expect(await actorInCookies(cookie(token), { ...settings, sessionSecret: 'rotated' })).toBeUndefined();
});

test('a session ends when its token does, also where it is known', async () => {
  const token = await tokenOf(dana, 60);
  expect(await actorInCookies(cookie(token), settings)).toBeDefined();
  expect(await actorInCookies(cookie(token), settings, Date.now() + 61_000)).toBeUndefined();
  const over = await tokenOf(dana, -5);
  expect(await actorInCookies(cookie(over), settings)).toBeUndefined();
});
