/** How closely two services are related by their names, for placing one beside the other and for telling one owner from two. */

/** A name as its segments: `mcp_gitlab-certs` is mcp, gitlab, certs. */
export function segments(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((segment) => segment !== '');
}

/** How many leading segments two names share. */
export function sharedSegments(a: string, b: string): number {
  const own = segments(a);
  const other = segments(b);
  const different = own.findIndex((segment, index) => segment !== other[index]);
  return different === -1 ? own.length : different;
}

/** How many leading segments a name shares with the one of several names that it shares most with. */
export function mostShared(name: string, names: readonly string[]): number {
  return Math.max(0, ...[...new Set(names)].map((one) => sharedSegments(name, one)));
}

/** Whether two names in a file may mean one owner: `m2c` and `m2c-api`, `oauth2_proxy` and `oauth2-proxy`. */
export function sameOwner(a: string, b: string): boolean {
  return sharedSegments(a, b) > 0;
}
