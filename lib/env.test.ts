import { describe, expect, it } from 'vitest';
import { EnvironmentError, LOCAL_SECRET_MARK, parseEnv, toolSettings } from './env';

const complete = {
  SLIPWAY_URL: 'https://slipway.example.com/',
  DATABASE_URL: 'postgresql://slipway@db/slipway',
  NEXTAUTH_SECRET: 'k'.repeat(32),
  SLIPWAY_LINK_SECRETS: `${'n'.repeat(32)}, ${'o'.repeat(32)}`,
  SLIPWAY_ROLE_MAP: 'platform-admins=admin, engineers=engineer',
  COGNITO_ISSUER: 'https://cognito-idp.eu-west-1.amazonaws.com/pool',
  COGNITO_CLIENT_ID: 'client',
  GITHUB_TOKEN: 'token-of-the-portal',
  GITHUB_REPOSITORY: 'ravenhelm/platform',
  GITHUB_WEBHOOK_SECRET: 'w'.repeat(16),
};

function problemsOf(source: Record<string, string | undefined>): string[] {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseEnv', () => {
  it('reads a complete environment', () => {
    const parsed = parseEnv(complete);
    expect(parsed.deployment).toBe('production');
    expect(parsed.url).toBe('https://slipway.example.com');
    expect(parsed.roleMap).toEqual({ 'platform-admins': 'admin', engineers: 'engineer' });
    expect(parsed.identity).toMatchObject([{ kind: 'cognito', clientSecret: undefined }]);
    expect(parsed.github).toMatchObject({ owner: 'ravenhelm', repository: 'platform', baseBranch: 'main' });
    expect(parsed.notion).toBeUndefined();
    expect(parsed.linkSecrets).toEqual(['n'.repeat(32), 'o'.repeat(32)]);
  });

  it('names everything that is missing at once', () => {
    const problems = problemsOf({}).join('\n');
    for (const name of [
      'SLIPWAY_URL',
      'DATABASE_URL',
      'NEXTAUTH_SECRET',
      'SLIPWAY_LINK_SECRETS',
      'GITHUB_REPOSITORY',
      'GITHUB_WEBHOOK_SECRET',
      'GITHUB_TOKEN',
      'sign-in',
    ]) {
      expect(problems).toContain(name);
    }
  });

  it('wants each secret of links to be long enough', () => {
    for (const secrets of ['', 'short', `${'n'.repeat(32)},`])
      expect(problemsOf({ ...complete, SLIPWAY_LINK_SECRETS: secrets }).join()).toContain('SLIPWAY_LINK_SECRETS');
  });

  it('wants a way to sign in and a way into GitHub', () => {
    const problems = problemsOf({ ...complete, COGNITO_ISSUER: '', COGNITO_CLIENT_ID: '', GITHUB_TOKEN: '' }).join(
      '\n',
    );
    expect(problems).toMatch(/sign-in/);
    expect(problems).toMatch(/GITHUB_TOKEN/);
  });

  it('refuses a provider without its client, a mapping to an unknown role and a tracker without databases', () => {
    expect(problemsOf({ ...complete, ZITADEL_ISSUER: 'https://zitadel.example.com' })).toEqual([
      'ZITADEL_ISSUER and ZITADEL_CLIENT_ID go together',
    ]);
    expect(problemsOf({ ...complete, SLIPWAY_ROLE_MAP: 'everyone=god' }).join()).toContain('everyone=god');
    expect(problemsOf({ ...complete, NOTION_TOKEN: 'n' }).join()).toContain('NOTION_BACKLOG_DATABASE_ID');
  });

  it('takes the hosts whose ports are tried, each with an address and no port', () => {
    expect(parseEnv(complete).portProbe).toEqual({});
    const hosts = parseEnv({
      ...complete,
      SLIPWAY_PORT_PROBE: 'ravenhelm-01=10.0.0.5, edge=edge.example.com,v6=fd00::1',
    });
    expect(hosts.portProbe).toEqual({ 'ravenhelm-01': '10.0.0.5', edge: 'edge.example.com', v6: 'fd00::1' });
    for (const wrong of ['10.0.0.5', 'a=10.0.0.5:80', 'a=b=c', 'a=', 'a=http://b'])
      expect(problemsOf({ ...complete, SLIPWAY_PORT_PROBE: wrong }).join()).toContain('without a port');
  });

  it('refuses the local stack’s secrets in production, and never says a value', () => {
    const local = { ...complete, COGNITO_CLIENT_SECRET: `${LOCAL_SECRET_MARK}abcdef` };
    const problems = problemsOf(local).join('\n');
    expect(problems).toContain('COGNITO_CLIENT_SECRET');
    expect(problems).not.toContain('abcdef');
    expect(parseEnv({ ...local, SLIPWAY_DEPLOYMENT: 'local' }).deployment).toBe('local');
  });
});

describe('the settings of tools', () => {
  it('are read without the rest of the environment; an empty one counts as none', () => {
    const settings = toolSettings({ SLIPWAY_HELM: '/opt/helm', SLIPWAY_SHELLCHECK: '', PATH: '/bin' });
    expect(settings).toMatchObject({ places: { helm: '/opt/helm' }, path: '/bin' });
    expect(settings.places).not.toHaveProperty('shellcheck');
    expect(settings.ownFolder).toMatch(/\.tools\/bin$/);
  });
});
