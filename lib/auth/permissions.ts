/** Which role may do what. Default-deny: what is not in the table is refused. Roles include the ones before them. */
import { NotAllowedError } from '@/lib/errors';
import { roles, type Role } from '@/lib/env';

const firstRoleFor = {
  'services.read': 'viewer',
  'requests.read': 'viewer',
  'ports.read': 'viewer',
  'drafts.write': 'engineer',
  'requests.submit': 'engineer',
  /** One's own requests; of others' only operators. */
  'requests.cancel-own': 'engineer',
  'requests.retry-own': 'engineer',
  /** Letting Slipway write again to a branch to which a person committed. */
  'requests.take-over-own': 'engineer',
  /** Ticking off what is to be done after a merge: whoever may review does it for everybody. */
  'requests.tick-own': 'engineer',
  'requests.tick-any': 'operator',
  'requests.cancel-any': 'operator',
  'requests.retry-any': 'operator',
  'requests.take-over-any': 'operator',
  'requests.review': 'operator',
  /** Ending a merged request that main does not show. */
  'requests.end-merged': 'operator',
  /** Reserving and releasing ports by hand, and accepting findings. */
  'ports.manage': 'operator',
  'audit.read': 'operator',
  'queue.read': 'operator',
  /** Letting a job start now, and lifting a pause. */
  'queue.retry': 'operator',
  'settings.read': 'admin',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof firstRoleFor;

/** Whoever acts: a person with a role. */
export interface Actor {
  /** Row of `users`. */
  id: string;
  name: string;
  role: Role;
}

/** Whether the actor's role has the permission. */
export function can(actor: Pick<Actor, 'role'>, permission: Permission): boolean {
  const needed = Object.hasOwn(firstRoleFor, permission) ? roles.indexOf(firstRoleFor[permission]) : -1;
  return needed >= 0 && roles.indexOf(actor.role) >= needed;
}

/** @throws NotAllowedError naming the role that is needed. */
export function requirePermission(actor: Pick<Actor, 'role'>, permission: Permission): void {
  if (can(actor, permission)) return;
  const needed = firstRoleFor[permission];
  throw new NotAllowedError(
    `This needs the role ${needed}; you have ${actor.role}. Ask whoever keeps your groups in the identity provider.`,
  );
}
