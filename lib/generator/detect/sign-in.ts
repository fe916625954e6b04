/** Which middlewares of Traefik ask people to sign in, by themselves or through a chain. */
import { asList, asRecord, asText } from '../yaml/read';

/** @param fields the middlewares by name, as dynamic files define them; a name may carry its provider, `chain-oauth@file`. */
export function asksForSignIn(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  seen = new Set<string>(),
): boolean {
  const bare = name.replace(/@.*$/, '');
  if (seen.has(bare)) return false;
  seen.add(bare);
  const middleware = asRecord(fields[bare]);
  const chain = asList(asRecord(middleware?.['chain'])?.['middlewares']) ?? [];
  return (
    middleware?.['forwardAuth'] !== undefined || chain.some((one) => asksForSignIn(fields, asText(one) ?? '', seen))
  );
}
