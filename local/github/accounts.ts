/** The people and programs that this GitHub knows, their tokens, and what each may do in the one repository. */
import { createHash } from 'node:crypto';

export type Permission = 'none' | 'read' | 'push' | 'admin';

export interface GitHubAccount {
  /** Its personal access token; without one the account can act on the pages alone. */
  token?: string;
  login: string;
  /** The person's name, as in commits. */
  name: string;
  /** LOGIN@users.noreply.localhost where it is left out. */
  email?: string;
  permission: Permission;
  /** What `x-oauth-scopes` says; `repo` where it is left out. */
  scopes?: string[];
}

const RANK: Record<Permission, number> = { none: 0, read: 1, push: 2, admin: 3 };

/** Whether somebody with `held` may do what asks for `needed`. */
export function permits(held: Permission, needed: Permission): boolean {
  return RANK[held] >= RANK[needed];
}

/** A number that stays the same for a login, whatever the order of the accounts. */
export function accountId(login: string): number {
  return 1000 + (createHash('sha256').update(login).digest().readUInt32BE(0) >>> 4);
}

export function emailOf(account: GitHubAccount): string {
  return account.email ?? `${account.login}@users.noreply.localhost`;
}

export class Accounts {
  constructor(private readonly accounts: readonly GitHubAccount[]) {}

  byToken(token: string): GitHubAccount | undefined {
    return this.accounts.find((account) => account.token === token);
  }

  byLogin(login: string): GitHubAccount | undefined {
    const wanted = login.toLowerCase();
    return this.accounts.find((account) => account.login.toLowerCase() === wanted);
  }

  byEmail(email: string): GitHubAccount | undefined {
    return this.accounts.find((account) => emailOf(account) === email);
  }

  /** One account for each login that may push. */
  whoMayPush(): GitHubAccount[] {
    const writers = this.accounts.filter((account) => permits(account.permission, 'push'));
    return [...new Map(writers.map((account) => [account.login, account])).values()];
  }
}
