// What somebody sees of a link before they have signed in: the same for each, and the token nowhere but in a cookie that scripts and other sites do not get.
import { NextRequest } from 'next/server';
import { beforeAll, expect, it } from 'vitest';
import { sealLink } from '@/lib/wizard/draft-link';
import { GET } from './route';

const portal = 'https://slipway.example.com';
const secret = 'l'.repeat(32);
const sealed = (expires: number, by = { secrets: [secret], portal }) =>
  sealLink(
    {
      draftId: '6f0c6a3e-8f0e-4f7e-9a4b-0a1b2c3d4e5f',
      madeBy: '0c2f4f0e-54a1-4d0c-a55f-2f3d1c6f2a11',
      audience: { kind: 'anyone' },
      generation: 1,
      expires,
    },
    by,
  );
const good = sealed(4e9);

beforeAll(() => {
  Object.assign(process.env, {
    SLIPWAY_DEPLOYMENT: 'local',
    SLIPWAY_URL: portal,
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
    NEXTAUTH_SECRET: 'slipway-local-test-secret-of-thirty-two-characters',
    SLIPWAY_LINK_SECRETS: secret,
    OIDC_ISSUER: 'http://identity.test',
    OIDC_CLIENT_ID: 'slipway',
    GITHUB_TOKEN: 'a-test-token',
    GITHUB_REPOSITORY: 'ravenhelm/platform',
    GITHUB_WEBHOOK_SECRET: 'a-webhook-secret-for-tests',
  });
});

const open = (search: string) => GET(new NextRequest(`${portal}/drafts/open${search}`));

it.each([
  ['a good one', `?token=${good}`],
  ['expired', `?token=${sealed(1)}`],
  ['forged', `?token=A${good.slice(1)}`],
  ['cut', `?token=${good.slice(0, -3)}`],
  ['sealed elsewhere', `?token=${sealed(4e9, { secrets: ['m'.repeat(32)], portal })}`],
  ['no text of a link', '?token=%00%3Cscript%3E'],
  ['endless', `?token=${'A'.repeat(50_000)}`],
  ['without a token', ''],
])('answers the same to every link: %s', async (_, search) => {
  const answer = open(search);
  expect(answer.status).toBe(303);
  expect(await answer.text()).toBe('');
  // The second is Next's own note to itself.
  const {
    'set-cookie': cookie = '',
    'x-middleware-set-cookie': _note,
    ...headers
  } = Object.fromEntries(answer.headers);
  expect(headers).toEqual({ location: `${portal}/drafts/join`, 'cache-control': 'no-store' });
  expect(cookie).toMatch(/^slipway-draft-link=[\w-]+; Path=\/drafts\/join; /);
  for (const attribute of ['Secure', 'HttpOnly', 'SameSite=lax', 'Max-Age=900'])
    expect(cookie.split('; ')).toContain(attribute);
});

it('hands on the token as it came, and nothing that is none', () => {
  expect(open(`?token=${good}`).cookies.get('slipway-draft-link')?.value).toBe(good);
  expect(open('?token=%0d%0aset-cookie:x').cookies.get('slipway-draft-link')?.value).toBe('none');
});
