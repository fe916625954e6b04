import { describe, expect, it } from 'vitest';
import { roles, type Role } from '@/lib/env';
import { NotAllowedError } from '@/lib/errors';
import { can, requirePermission, type Permission } from './permissions';

/** Written out again on purpose: a change of who may do what should have to be made twice. */
const allowed: Record<Permission, readonly Role[]> = {
  'services.read': ['viewer', 'engineer', 'operator', 'admin'],
  'requests.read': ['viewer', 'engineer', 'operator', 'admin'],
  'ports.read': ['viewer', 'engineer', 'operator', 'admin'],
  'drafts.write': ['engineer', 'operator', 'admin'],
  'requests.submit': ['engineer', 'operator', 'admin'],
  'requests.cancel-own': ['engineer', 'operator', 'admin'],
  'requests.retry-own': ['engineer', 'operator', 'admin'],
  'requests.take-over-own': ['engineer', 'operator', 'admin'],
  'requests.tick-own': ['engineer', 'operator', 'admin'],
  'requests.cancel-any': ['operator', 'admin'],
  'requests.retry-any': ['operator', 'admin'],
  'requests.take-over-any': ['operator', 'admin'],
  'requests.tick-any': ['operator', 'admin'],
  'requests.review': ['operator', 'admin'],
  'requests.end-merged': ['operator', 'admin'],
  'ports.manage': ['operator', 'admin'],
  'audit.read': ['operator', 'admin'],
  'queue.read': ['operator', 'admin'],
  'queue.retry': ['operator', 'admin'],
  'settings.read': ['admin'],
};

describe('permissions', () => {
  it.each(Object.entries(allowed) as [Permission, readonly Role[]][])('%s is for %j', (permission, expected) => {
    expect(roles.filter((role) => can({ role }, permission))).toEqual(expected);
  });

  it('names the role that is needed', () => {
    expect(() => requirePermission({ role: 'viewer' }, 'requests.submit')).toThrow(NotAllowedError);
    expect(() => requirePermission({ role: 'viewer' }, 'requests.submit')).toThrow(
      /needs the role engineer; you have viewer/,
    );
  });

  it('denies what is not in the table', () => {
    expect(can({ role: 'admin' }, 'universe.end' as Permission)).toBe(false);
  });
});
