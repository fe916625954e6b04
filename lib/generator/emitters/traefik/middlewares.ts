/** The middleware chain of a service's security posture, and what of it is not there or does not do what it is for. */
import type { TraefikFile } from '../../observe/traefik-file';
import { profilePath } from '../../profile';
import type { Conflict, EmitContext, Finding } from '../../types';
import { asList, asRecord, asText } from '../../yaml/read';

/** The middlewares of the service's security posture, and those of streams where it has any. */
export function middlewaresOf(context: Pick<EmitContext, 'manifest' | 'profile'>): readonly string[] {
  const chain = postureOf(context);
  const streams = context.manifest.routing?.sse === true ? (context.profile.traefik?.middlewares.sse ?? []) : [];
  return [...chain, ...streams.filter((name) => !chain.includes(name))];
}

function postureOf({ manifest, profile }: Pick<EmitContext, 'manifest' | 'profile'>): readonly string[] {
  const chains = profile.traefik?.middlewares;
  const { access } = manifest.security;
  return (
    (access === 'forward-auth' ? chains?.forwardAuth : access === 'own-oauth' ? chains?.ownOauth : chains?.public) ?? []
  );
}

type Middlewares = Pick<TraefikFile, 'path' | 'middlewares' | 'middlewareFields'>;

/** A posture that the profile or the file does not have: nothing must be published with less protection than was asked for. */
export function missingMiddlewares(context: EmitContext, file: Middlewares): Conflict[] {
  const { access } = context.manifest.security;
  const names = middlewaresOf(context);
  const field = 'security.access';
  if (access === 'forward-auth' && postureOf(context).length === 0)
    return [
      {
        kind: 'name',
        field,
        path: profilePath,
        message: `The profile names no middleware for forward authentication (traefik.middlewares.forwardAuth), so the service would stand open. Add it to ${profilePath}, or choose another kind of access.`,
      },
    ];
  // Names with an `@` come from another provider and cannot be looked up here.
  const missing = names.filter((name) => !name.includes('@') && !file.middlewares.includes(name));
  if (missing.length > 0)
    return missing.map((name) => ({
      kind: 'name',
      field,
      path: file.path,
      message: `The profile wants the middleware ${name} for ${access}, and ${file.path} does not define it. Define it there, or correct traefik.middlewares in ${profilePath}.`,
    }));
  const asking = leadingTo(names, file, 'forwardAuth');
  if (access !== 'own-oauth' || asking === undefined) return [];
  return [
    {
      kind: 'name',
      field,
      path: file.path,
      message: `The profile wants the middleware ${asking} for services that sign people in themselves, and it asks for forward authentication: people would sign in twice. Correct traefik.middlewares.ownOauth in ${profilePath}.`,
    },
  ];
}

/** What a stream of events would be held back by. */
export function bufferedStream(context: EmitContext, file: Middlewares): Finding[] {
  if (context.manifest.routing?.sse !== true) return [];
  const names = middlewaresOf(context);
  const kind = (['buffering', 'compress'] as const).find((one) => leadingTo(names, file, one) !== undefined);
  const name = kind && leadingTo(names, file, kind);
  if (kind === undefined || name === undefined) return [];
  const excluded = asRecord(leafOf(name, file, kind))?.['excludedContentTypes'];
  if ((asList(excluded) ?? []).includes('text/event-stream')) return [];
  const message = `${context.manifest.name} sends streams of events, and the middleware ${name} (${kind}) may hold them back. Leave text/event-stream out of it, or give the service another chain.`;
  return [{ kind: 'stream-buffered', path: file.path, message }];
}

/** The first of the names that is, or whose chain leads to, a middleware of a kind. */
function leadingTo(names: readonly string[], file: Middlewares, kind: string): string | undefined {
  return names.find((name) => leafOf(name, file, kind) !== undefined);
}

function leafOf(name: string, file: Middlewares, kind: string, seen: readonly string[] = []): unknown {
  if (seen.includes(name)) return undefined;
  const fields = asRecord(file.middlewareFields[name]);
  if (fields && kind in fields) return fields[kind] ?? {};
  const chain = asList(asRecord(fields?.['chain'])?.['middlewares']) ?? [];
  for (const one of chain) {
    const leaf = leafOf(asText(one) ?? '', file, kind, [...seen, name]);
    if (leaf !== undefined) return leaf;
  }
  return undefined;
}
