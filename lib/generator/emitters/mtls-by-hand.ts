/** What a service with SPIFFE mTLS still needs from people: the emitters say it instead of leaving it out silently. */
import type { EmitContext, Finding, FollowUp } from '../types';
import { profilePath } from '../profile';

/** The finding and the steps for a service that asks for mTLS; nothing for every other one. */
export function mtlsByHand({ manifest, profile }: EmitContext): { findings: Finding[]; followUps: FollowUp[] } {
  if (!manifest.security.mtls) return { findings: [], followUps: [] };
  const path = profile.spiffe?.registration ?? profile.traefik?.dynamic ?? profilePath;
  return {
    findings: [
      {
        kind: 'mtls-by-hand',
        path,
        message: `${manifest.name} asks for SPIFFE mTLS, which is wired by hand for now: certificates, helper, SPIRE entry and Traefik's transport are not written.`,
      },
    ],
    followUps: [
      {
        phase: 'identity',
        key: 'mtls',
        title: `Wire mTLS for ${manifest.name}`,
        detail: `Add the certificates volume, mounted at ${profile.spiffe?.certsPath ?? '/run/spire/certs'}, and a SPIFFE helper with its configuration and SPIRE entry; give Traefik a serversTransport and an https:// backend (RUNBOOK-024, sections 3 and 4).`,
      },
    ],
  };
}
