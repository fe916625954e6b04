/**
 * The people of the local stack and their passwords. They are written here for everyone to read, exist in the local identity
 * provider alone, and open nothing anywhere else.
 */

export interface LocalAccount {
  /** The stable subject identifier. */
  sub: string;
  user: string;
  password: string;
  name: string;
  email: string;
  /** Group names, sent as `cognito:groups` and as the keys of Zitadel's role claim. */
  groups: readonly string[];
  /** What this account is for, in a few words. */
  purpose: string;
}

/** One account for each role, and one whose group no mapping knows. */
export const LOCAL_ACCOUNTS: readonly LocalAccount[] = [
  {
    sub: '01-viewer',
    user: 'viewer',
    password: 'local-viewer',
    name: 'Vera Viewer',
    email: 'viewer@ravenhelm.test',
    groups: ['slipway-viewer'],
    purpose: 'reads everything, changes nothing',
  },
  {
    sub: '02-engineer',
    user: 'engineer',
    password: 'local-engineer',
    name: 'Erin Engineer',
    email: 'engineer@ravenhelm.test',
    groups: ['slipway-engineer'],
    purpose: 'adds services',
  },
  {
    sub: '03-operator',
    user: 'operator',
    password: 'local-operator',
    name: 'Owen Operator',
    email: 'operator@ravenhelm.test',
    groups: ['slipway-operator'],
    purpose: 'reviews requests',
  },
  {
    sub: '04-admin',
    user: 'admin',
    password: 'local-admin',
    name: 'Ada Admin',
    email: 'admin@ravenhelm.test',
    groups: ['slipway-admin'],
    purpose: 'everything, settings included',
  },
  {
    sub: '05-newcomer',
    user: 'newcomer',
    password: 'local-newcomer',
    name: 'Noor Newcomer',
    email: 'newcomer@ravenhelm.test',
    groups: ['interns'],
    purpose: 'belongs to no group the portal knows',
  },
];

/** The claim in which Cognito sends groups. */
export const COGNITO_GROUPS_CLAIM = 'cognito:groups';

/** The claim in which Zitadel sends roles: `{role: {organisationId: domain}}`. */
export const ZITADEL_ROLES_CLAIM = 'urn:zitadel:iam:org:project:roles';

const ORGANISATION_ID = '270000000000000001';
const ORGANISATION_DOMAIN = 'ravenhelm.test';

/** The claims about an account, in Cognito's and in Zitadel's shape at once. */
export function claimsOf(account: LocalAccount): { sub: string; [claim: string]: unknown } {
  const roles = Object.fromEntries(account.groups.map((group) => [group, { [ORGANISATION_ID]: ORGANISATION_DOMAIN }]));
  return {
    sub: account.sub,
    name: account.name,
    preferred_username: account.user,
    email: account.email,
    email_verified: true,
    [COGNITO_GROUPS_CLAIM]: account.groups,
    [ZITADEL_ROLES_CLAIM]: roles,
  };
}
