/** How Traefik speaks mTLS to a backend: a serversTransport in v3's form, with its own certificates (RUNBOOK-024, section 4). */
import { isMap } from 'yaml';
import { mostCommon } from '../../detect/guess';
import type { TraefikFile, TraefikTransport } from '../../observe/traefik-file';
import { profilePath } from '../../profile';
import type { Conflict, EmitContext, Finding } from '../../types';
import { keyText } from '../../yaml/locate';
import { Flow, type YamlValue } from '../../yaml/render';
import { childOf, isFlow, type Model } from './model';

export interface ClientCertificates {
  ca: string;
  cert: string;
  key: string;
}

/** Traefik's own certificates: the profile's, else those that most transports have, else where SPIFFE helpers put them. */
export function clientCertificates({ profile }: EmitContext, file: TraefikFile): ClientCertificates | undefined {
  const own = profile.traefik?.clientCertificates;
  if (own) return own;
  const common = mostCommon(file.transports.flatMap(certificatesOf).map((one) => JSON.stringify(one)));
  if (common) return JSON.parse(common.value) as ClientCertificates;
  const folder = profile.spiffe?.certsPath.replace(/\/+$/, '');
  if (folder === undefined) return undefined;
  return { ca: `${folder}/bundle.pem`, cert: `${folder}/svid.pem`, key: `${folder}/key.pem` };
}

function certificatesOf({ rootCAs, certificates }: TraefikTransport): ClientCertificates[] {
  const [ca] = rootCAs;
  const [pair] = certificates;
  return ca !== undefined && pair ? [{ ca, cert: pair.certFile, key: pair.keyFile }] : [];
}

/** The transport to look like: one with client certificates, in v3's form. */
export function transportModel(file: TraefikFile): TraefikTransport | undefined {
  return file.transports.filter((one) => !one.wrapped).findLast((one) => one.certificates.length > 0);
}

/** The transport, its keys in its neighbour's order. The name is checked that the backend's certificate has: its host. */
export function writeTransport(context: EmitContext, file: TraefikFile, model: Model): YamlValue {
  const certificates = clientCertificates(context, file);
  if (!certificates) return {};
  const roots = childOf(model.node, 'rootCAs');
  const fields: Record<string, YamlValue> = {
    serverName: context.manifest.routing?.host ?? '',
    rootCAs: isFlow(roots) ? new Flow([certificates.ca]) : [certificates.ca],
    certificates: [{ certFile: certificates.cert, keyFile: certificates.key }],
  };
  const order = isMap(model.node) ? model.node.items.map((pair) => keyText(pair.key)) : [];
  const keys = [...order.filter((key) => key in fields), ...Object.keys(fields).filter((key) => !order.includes(key))];
  return Object.fromEntries(keys.map((key) => [key, fields[key] ?? null]));
}

/** What a transport that is there says otherwise than the spec. */
export function transportDifferences(context: EmitContext, file: TraefikFile, there: TraefikTransport): string[] {
  const wanted = clientCertificates(context, file);
  const [found] = certificatesOf(there);
  return [
    ...(there.wrapped ? ['form (under tls:)'] : []),
    ...(there.serverName === undefined || there.serverName === context.manifest.routing?.host ? [] : ['serverName']),
    ...(JSON.stringify(found) === JSON.stringify(wanted) ? [] : ['certificates']),
  ];
}

/** mTLS without certificates of Traefik's own: the backend would refuse every request. */
export function missingCertificates(context: EmitContext, file: TraefikFile): Conflict[] {
  if (!context.manifest.security.mtls || clientCertificates(context, file)) return [];
  return [
    {
      kind: 'name',
      field: 'security.mtls',
      path: profilePath,
      message: `The service asks for mTLS, and nothing says which certificates Traefik shows to it. Name them in ${profilePath} (traefik.clientCertificates: ca, cert and key, as paths in Traefik's container).`,
    },
  ];
}

/** Transports in the form of Traefik v2: v3 does not read them, so that what they say is without effect. */
export function wrappedTransports(file: TraefikFile): Finding[] {
  return file.transports
    .filter((one) => one.wrapped)
    .map((one) => ({
      kind: 'transport-form',
      path: one.path,
      line: one.line,
      message: `The transport ${one.name} has its certificates under \`tls:\`, which Traefik v3 does not know: they belong directly below the name.`,
    }));
}
