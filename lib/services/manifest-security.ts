/** Who may reach a service, how it signs people in, and which secrets it reads: by name, never by value. */
import { z } from 'zod';
import { EnvironmentName, line, UrlPath } from './manifest-words';

const SecretName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9/_+=.@-]+$/, 'Letters, digits and / _ + = . @ - only.');

/** A secret by name: its value is never part of a spec. `environment` is the variable that carries the secret's name. */
export const ManifestSecret = z
  .object({
    name: SecretName,
    environment: EnvironmentName,
    purpose: line(160),
    /** Made by the platform when absent, or set by a person. */
    source: z.enum(['generated', 'provided']).default('provided'),
    /** Secrets Manager, or the Parameter Store. */
    store: z.enum(['secret', 'parameter']).default('secret'),
  })
  .strict();
export type ManifestSecret = z.infer<typeof ManifestSecret>;

/** The client of a service that signs people in itself; the identity provider's address comes from the profile. */
export const ManifestOauth = z
  .object({
    issuerEnvironment: EnvironmentName.default('OAUTH_ISSUER'),
    clientIdEnvironment: EnvironmentName.default('OAUTH_CLIENT_ID'),
    /** The client's id, where it is registered already; it stands in the secret beside its password where absent. */
    clientId: z
      .string()
      .max(120)
      .regex(/^[\w.@:/-]+$/, 'Letters, digits and _ . @ : / -.')
      .optional(),
    /** The variable that carries the name of the client's secret. */
    secretEnvironment: EnvironmentName.default('OAUTH_CLIENT_SECRET_NAME'),
    /** `<service>/oauth` where absent. */
    secretName: SecretName.optional(),
    callbackEnvironment: EnvironmentName.default('OAUTH_REDIRECT_URL'),
    callbackPath: UrlPath.default('/oauth2/callback'),
  })
  .strict();
export type ManifestOauth = z.infer<typeof ManifestOauth>;

export const ManifestSecurity = z
  .object({
    /** `forward-auth`: the platform's protected chain. `own-oauth`: signs people in itself. `public`: nobody asks; needs a reason. */
    access: z.enum(['forward-auth', 'own-oauth', 'public']).default('forward-auth'),
    publicReason: line(240).optional(),
    mtls: z.boolean().default(false),
    /** How its OAuth client is wired; for `own-oauth` alone. */
    oauth: ManifestOauth.optional(),
    secrets: z.array(ManifestSecret).max(30).default([]),
  })
  .strict()
  .refine((security) => security.access !== 'public' || security.publicReason !== undefined, {
    path: ['publicReason'],
    message: 'Say why anyone may reach it without signing in.',
  })
  .refine((security) => security.oauth === undefined || security.access === 'own-oauth', {
    path: ['oauth'],
    message: 'Only a service that signs people in itself has a client: choose own-oauth.',
  });
