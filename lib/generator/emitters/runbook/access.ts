/** Who may reach the service and how it proves who it is: the zero-trust approach that was chosen (runbook-024, section 5), and its secrets. */
import { formatPortRange } from '@/lib/services/port-range';
import { escapeMarkdown, markdownBlock, markdownCode } from '../../markdown-text';
import { oauthVariables, secretsOf, spiffeNamesOf, storedNameOf, workloadOf } from '../../naming';
import type { Profile } from '../../profile';
import type { ResolvedManifest } from '../../types';
import { awsCommand, composeCommandsOf, environmentsAtNight, podsOf, usesLocalstack } from './commands';

/** The section on people and workloads. */
export function accessSection(manifest: ResolvedManifest, profile: Profile): string {
  return [people(manifest, profile), ...mutualTls(manifest, profile)].join('\n\n');
}

function people(manifest: ResolvedManifest, profile: Profile): string {
  const { security, routing } = manifest;
  if (!routing) return withoutHost(manifest);
  const { middlewares } = profile.traefik ?? {};
  const chain = (names: readonly string[] | undefined): string =>
    names && names.length > 0
      ? ` (${names.length === 1 ? 'middleware' : 'middlewares'} ${names.map(markdownCode).join(', ')})`
      : '';
  if (security.access === 'forward-auth')
    return `Zero trust by forward authentication: Traefik asks the platform's sign-in${chain(middlewares?.forwardAuth)} before a request arrives. Nobody gets to the service without a session; the service itself need not know who it is.`;
  if (security.access === 'public')
    return `Public${chain(middlewares?.public)}: anyone may reach it without signing in. Reason: ${escapeMarkdown((security.publicReason ?? '').replace(/[^.!?]$/, '$&.'))}`;
  return [
    `Zero trust by the service's own OAuth: it signs people in itself${chain(middlewares?.ownOauth)} and has to refuse a request without a valid token of the platform's identity provider.`,
    ...client(manifest, profile),
  ].join('\n\n');
}

/** Nothing in front of the service asks who somebody is: what keeps others out is where it can be reached from. */
function withoutHost({ ports }: ResolvedManifest): string {
  if (ports.length === 0) return 'Nothing calls it: it has neither a host nor a port.';
  const published = ports.flatMap((port) => (port.external === 'none' ? [] : [formatPortRange(port.external)]));
  if (published.length === 0)
    return 'It has no host of its own and no port on the machine: what is on its network may talk to it, without a sign-in.';
  return `Nobody is asked to sign in: whoever reaches the machine may talk to ${published.length === 1 && !published[0]?.includes('-') ? 'port' : 'ports'} ${published.join(', ')}. The firewall and the service itself decide who that is.`;
}

/** The OAuth client: issuer, callback, and in which secret its id and password are. */
function client(manifest: ResolvedManifest, profile: Profile): string[] {
  const { oauth } = manifest.security;
  if (!oauth || !manifest.routing) return [];
  const callback = `https://${manifest.routing.host}${oauth.callbackPath}`;
  const secret = secretsOf(manifest).find((one) => one.environment === oauth.secretEnvironment);
  const variables = oauthVariables(manifest, profile).map(({ name }) => markdownCode(name));
  return [
    [
      `- Client: ${oauth.clientId === undefined ? 'its id is in the secret beside its password' : markdownCode(oauth.clientId)}`,
      ...(profile.oauth ? [`- Issuer: ${markdownCode(profile.oauth.issuer)}`] : []),
      ...(profile.oauth?.console ? [`- Registered at: ${markdownCode(profile.oauth.console)}`] : []),
      `- Callback: ${markdownCode(callback)}. A sign-in that ends with "redirect_uri" means that the client does not have it.`,
      ...(secret ? [`- Secret: ${markdownCode(storedNameOf(secret, profile))}`] : []),
      ...(variables.length > 0 ? [`- Variables: ${variables.join(', ')}`] : []),
    ].join('\n'),
  ];
}

function mutualTls(manifest: ResolvedManifest, profile: Profile): string[] {
  if (!manifest.security.mtls) return [];
  const names = spiffeNamesOf(manifest, profile);
  const { spiffe } = profile;
  if (!names || !spiffe)
    return ['Mutual TLS is asked for; this platform has no SPIFFE that would give it certificates.'];
  const id = `spiffe://${profile.platform.domain}/${workloadOf(manifest)}`;
  const container = composeCommandsOf(manifest, profile)?.container;
  const commands = [
    ...(container === undefined
      ? []
      : [
          '# what the certificate says, and until when',
          `docker exec ${container} cat ${spiffe.certsPath}/svid.pem | openssl x509 -noout -enddate -ext subjectAltName`,
        ]),
    '# the helper that renews it',
    `docker logs --tail 40 ${profile.naming.containerPrefix}${names.helper}`,
    '# whether SPIRE knows the workload',
    `spire-server entry show -spiffeID ${id}`,
  ];
  return [
    'Mutual TLS by SPIFFE:',
    [
      `- SPIFFE ID: ${markdownCode(id)}`,
      `- Helper: ${markdownCode(names.helper)}, configured in ${markdownCode(names.configPath)}. When it stops, the certificate runs out within the hour.`,
      `- Certificates: volume ${markdownCode(names.certsVolume)}, read at ${markdownCode(spiffe.certsPath)}`,
      ...(spiffe.registration === undefined ? [] : [`- Registration entry: in ${markdownCode(spiffe.registration)}`]),
    ].join('\n'),
    markdownBlock(commands.join('\n'), 'bash'),
  ];
}

/** The section on secrets, by name alone; undefined where the service has none. */
export function secretsSection(manifest: ResolvedManifest, profile: Profile): string | undefined {
  const secrets = secretsOf(manifest);
  if (secrets.length === 0) return undefined;
  const rows = secrets.map((secret) =>
    [
      markdownCode(storedNameOf(secret, profile)),
      markdownCode(secret.environment),
      secret.source === 'generated' ? 'the platform, when absent' : `a person of ${manifest.owner}`,
      escapeMarkdown(secret.purpose),
    ].join(' | '),
  );
  const local = usesLocalstack(manifest, profile);
  const endpoint = local || !manifest.runtime.kubernetes ? profile.secrets?.endpoint : undefined;
  return [
    'The values are in the secret store alone, never in Git.',
    [
      '| Secret | Variable with its name | Set by | Purpose |',
      '|---|---|---|---|',
      ...rows.map((row) => `| ${row} |`),
    ].join('\n'),
    `The variable carries the secret's **name**. The service reads it, asks the store${endpoint === undefined ? '' : ` at ${markdownCode(endpoint)}`} for the value when it starts, and keeps it in memory: after a rotation it has to be restarted.`,
    ...(manifest.security.oauth
      ? ['The OAuth client is kept as one value in JSON: `{"client_id": "…", "client_secret": "…"}`.']
      : []),
    'Rotate one, without leaving the value in the shell’s history:',
    markdownBlock(rotation(manifest, profile).join('\n'), 'bash'),
    ...(!local
      ? []
      : [
          'LocalStack may forget at its next start what was set by hand: if the service fails then, set the value again.',
        ]),
    ...(manifest.runtime.kubernetes
      ? [
          'In the cluster the same names are in AWS Secrets Manager; External Secrets brings a new value with its next refresh.',
        ]
      : []),
  ].join('\n\n');
}

function rotation(manifest: ResolvedManifest, profile: Profile): string[] {
  const aws = awsCommand(manifest, profile);
  const compose = composeCommandsOf(manifest, profile);
  const secrets = secretsOf(manifest);
  const stores = new Set(secrets.map((secret) => secret.store));
  const first = secrets.find((secret) => secret.store === 'secret') ?? secrets[0];
  return [
    `NAME=${first ? storedNameOf(first, profile) : ''}`,
    'read -rs VALUE',
    ...(stores.has('secret')
      ? [`${aws} secretsmanager put-secret-value --secret-id "$NAME" --secret-string "$VALUE"`]
      : []),
    ...(stores.size === 2 ? ['# a parameter instead:'] : []),
    ...(stores.has('parameter')
      ? [
          `${stores.size === 2 ? '# ' : ''}${aws} ssm put-parameter --name "$NAME" --type SecureString --overwrite --value "$VALUE"`,
        ]
      : []),
    'unset VALUE',
    ...(compose
      ? [`${compose.prefix} restart ${manifest.name}`]
      : [`kubectl rollout restart deployment ${podsOf(manifest, profile, environmentsAtNight(manifest)[0] ?? '')}`]),
  ];
}
