/** Zitadel and Amazon Cognito as they are configured in production, each against a real OpenID Connect provider that sends its claims. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_ACCOUNTS } from '@/local/identity/accounts';
import { startIdentity } from '@/local/identity/server';
import { freePort } from '@/local/free-port';
import { expect, test } from './support/test';

let identity: Awaited<ReturnType<typeof startIdentity>>;
let portal: ChildProcess;
let url: string;
let dataDir: string;

test.beforeAll(async ({ stack }) => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  dataDir = mkdtempSync(join(tmpdir(), 'slipway-providers-'));
  identity = await startIdentity({
    port: 0,
    dataDir,
    clientId: 'slipway',
    clientSecret: 'a-secret-of-this-test-alone',
    redirectUris: ['zitadel', 'cognito'].map((provider) => `${url}/api/auth/callback/${provider}`),
    postLogoutRedirectUris: [`${url}/sign-in`],
  });
  const client = (name: string) => ({
    [`${name}_ISSUER`]: identity.issuer,
    [`${name}_CLIENT_ID`]: 'slipway',
    [`${name}_CLIENT_SECRET`]: 'a-secret-of-this-test-alone',
  });
  portal = spawn(
    process.execPath,
    ['node_modules/next/dist/bin/next', 'start', '-p', String(port), '-H', '127.0.0.1'],
    {
      env: {
        ...process.env,
        ...stack.env,
        ...client('ZITADEL'),
        ...client('COGNITO'),
        OIDC_ISSUER: '',
        OIDC_CLIENT_ID: '',
        NODE_ENV: 'production',
        SLIPWAY_URL: url,
      },
      stdio: 'ignore',
    },
  );
  await expect
    .poll(
      async () => {
        const answer = await fetch(`${url}/api/health/live`).catch(() => undefined);
        return answer?.ok;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
});

test.afterAll(async () => {
  const ended = new Promise((resolve) => portal.once('exit', resolve));
  portal.kill('SIGTERM');
  await ended;
  await identity.close();
  rmSync(dataDir, { recursive: true, force: true });
});

for (const name of ['Zitadel', 'Amazon Cognito']) {
  test(`${name}: signs in with PKCE, state and nonce, and the role comes from the claims`, async ({ page }) => {
    const operator = LOCAL_ACCOUNTS.find(({ user }) => user === 'operator');
    await page.goto(`${url}/sign-in?next=%2Frequests%3Fview%3Dreview`);
    await page.getByRole('button', { name: new RegExp(name) }).click();
    await page.getByLabel('User').fill(operator?.user ?? '');
    await page.getByLabel('Password').fill(operator?.password ?? '');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    // Only an operator sees the review list: the role has come through.
    await page.waitForURL(`${url}/requests?view=review`);
    await expect(page.getByRole('button', { name: /Owen Operator, operator/ })).toBeVisible();
    const cookies = await page.context().cookies();
    const session = cookies.find((cookie) => cookie.name.startsWith('next-auth.session-token'));
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  });
}
