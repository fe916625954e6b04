import { describe, expect, it } from 'vitest';
import { groupsFromClaims, roleFromGroups } from './roles';

const map = { 'platform-admins': 'admin', 'platform-operators': 'operator', engineers: 'engineer' } as const;

describe('groupsFromClaims', () => {
  it('reads Cognito lists and Zitadel objects, with and without the project id', () => {
    const claims = {
      sub: '1',
      'cognito:groups': ['engineers'],
      'urn:zitadel:iam:org:project:roles': { 'platform-operators': { '2': 'ravenhelm.test' } },
      'urn:zitadel:iam:org:project:281:roles': { 'platform-admins': { '2': 'ravenhelm.test' } },
    };
    expect(groupsFromClaims(claims).sort()).toEqual(['engineers', 'platform-admins', 'platform-operators']);
  });

  it('gives nothing for claims of another form', () => {
    expect(groupsFromClaims({ 'cognito:groups': 'platform-admins', roles: [1], groups: { admin: true } })).toEqual([]);
  });
});

describe('roleFromGroups', () => {
  it('takes the highest role', () => {
    expect(roleFromGroups(['engineers', 'platform-admins'], map)).toBe('admin');
  });

  it('gives viewer for unknown groups, none at all, and names that every object has', () => {
    expect(roleFromGroups(['wizards'], map)).toBe('viewer');
    expect(roleFromGroups([], map)).toBe('viewer');
    expect(roleFromGroups(['constructor', '__proto__', 'toString'], map)).toBe('viewer');
  });
});
