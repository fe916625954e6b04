/**
 * From an identity provider's claims to a role. Cognito sends a list under `cognito:groups`; Zitadel sends an object keyed by role under
 * `urn:zitadel:iam:org:project:roles` (or with the project's id in it); other providers are read under `groups` and `roles`.
 */
import { z } from 'zod';
import { roles, type Role } from '@/lib/env';

const ZITADEL_ROLES = /^urn:zitadel:iam:org:project:(\d+:)?roles$/;
const Names = z.array(z.string());
const ZitadelRoles = z.record(z.string(), z.unknown());

/** The names of groups and roles in the claims, each once; claims of an unexpected form count for nothing. */
export function groupsFromClaims(claims: Record<string, unknown>): string[] {
  const found = new Set<string>();
  for (const [claim, value] of Object.entries(claims)) {
    if (ZITADEL_ROLES.test(claim)) {
      const parsed = ZitadelRoles.safeParse(value);
      if (parsed.success) Object.keys(parsed.data).forEach((name) => found.add(name));
    } else if (claim === 'cognito:groups' || claim === 'groups' || claim === 'roles') {
      const parsed = Names.safeParse(value);
      if (parsed.success) parsed.data.forEach((name) => found.add(name));
    }
  }
  return [...found];
}

/** The highest role that the mapping gives for these groups; viewer where it gives none. */
export function roleFromGroups(groups: readonly string[], map: Readonly<Record<string, Role>>): Role {
  const ranks = groups.map((group) => (Object.hasOwn(map, group) ? roles.indexOf(map[group] ?? 'viewer') : 0));
  return roles[Math.max(0, ...ranks)] ?? 'viewer';
}
