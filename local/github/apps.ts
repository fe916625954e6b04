/**
 * A GitHub App installed in the repository: it proves itself with a JSON web token signed by its private key, and gets installation tokens that expire.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
 */
import { createPublicKey, randomBytes, verify, type KeyObject } from 'node:crypto';

import { z } from 'zod';

import type { Accounts, GitHubAccount } from './accounts';
import { ApiError, notFound } from './api-error';

export interface AppOptions {
  appId: number;
  installationId: number;
  /** PEM. The private one is the portal's alone. */
  publicKey: string;
  /** The account as which its tokens act. */
  login: string;
  /** How long a token lives; GitHub's live for an hour. */
  tokenSeconds?: number;
}

const Claims = z.object({ iss: z.union([z.number(), z.string()]), iat: z.number(), exp: z.number() });
const HOUR = 3600;
/** GitHub refuses a JSON web token that lives longer. */
const LONGEST_JWT = 10 * 60;
/** How far the clocks of two machines may be apart. */
const SKEW = 60;

export class Apps {
  private readonly issued = new Map<string, Date>();
  private readonly key: KeyObject | undefined;

  constructor(
    private readonly app: AppOptions | undefined,
    private readonly accounts: Accounts,
    private readonly now: () => Date,
  ) {
    this.key = app === undefined ? undefined : createPublicKey(app.publicKey);
  }

  /** The account of an installation token; undefined where it was never given or has expired. */
  byToken(token: string): GitHubAccount | undefined {
    const expires = this.issued.get(token);
    if (this.app === undefined || expires === undefined || expires <= this.now()) return undefined;
    return this.accounts.byLogin(this.app.login);
  }

  /**
   * Gives a new installation token to whoever proves to be the App.
   * @throws {ApiError} 401 for a token that is not the App's, 404 for an installation that it does not have.
   */
  issue(jwt: string, installationId: number): object {
    this.requireApp(jwt);
    if (installationId !== this.app?.installationId) throw notFound();
    const token = `ghs_${randomBytes(18).toString('hex')}`;
    const expires = new Date(this.now().getTime() + (this.app.tokenSeconds ?? HOUR) * 1000);
    this.issued.set(token, expires);
    const permissions = {
      contents: 'write',
      pull_requests: 'write',
      issues: 'write',
      checks: 'read',
      metadata: 'read',
    };
    return {
      token,
      expires_at: expires.toISOString().replace(/\.\d+Z$/, 'Z'),
      permissions,
      repository_selection: 'selected',
    };
  }

  /** Takes every token back, as when somebody suspends the installation for a moment. */
  revoke(): void {
    this.issued.clear();
  }

  private requireApp(jwt: string): void {
    const refused = new ApiError(401, 'A JSON web token could not be decoded');
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const signed = Buffer.from(`${header}.${payload}`);
    const right = this.key !== undefined && verify('RSA-SHA256', signed, this.key, Buffer.from(signature, 'base64url'));
    if (!right || decode(header).alg !== 'RS256') throw refused;
    const claims = Claims.safeParse(decode(payload));
    if (!claims.success) throw refused;
    const { iss, iat, exp } = claims.data;
    const now = this.now().getTime() / 1000;
    if (String(iss) !== String(this.app?.appId)) throw new ApiError(401, 'Integration not found');
    if (exp < now) throw new ApiError(401, "'Expiration time' claim ('exp') must be a numeric value in the future");
    if (exp > now + LONGEST_JWT + SKEW || iat > now + SKEW) {
      throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
    }
  }
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
