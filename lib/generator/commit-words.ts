/** Subjects and bodies of a plan's commits, in Conventional Commits. */
import { formatPortRange } from '@/lib/services/port-range';
import type { CommitKey, ResolvedManifest } from './types';

const SUBJECT_LENGTH = 72;

/** Subject and body of a commit, in Conventional Commits. */
export function describeCommit(
  key: CommitKey,
  manifest: ResolvedManifest,
  emitterNames: readonly string[],
): { subject: string; body: string } {
  const { name } = manifest;
  const published = manifest.ports.flatMap((port) =>
    port.external === 'none' ? [] : [`${formatPortRange(port.external)}/${port.protocol}`],
  );
  const candidates: Record<CommitKey, string[]> = {
    ports: [
      ...(published.length > 0
        ? [
            `feat(ports): reserve ${published.join(', ')} for ${name}`,
            `feat(ports): reserve ${published.length} ports for ${name}`,
          ]
        : []),
      `feat(ports): register the ports of ${name}`,
      `feat(ports): register ${name}`,
    ],
    runtime: [`feat(${name}): run the service`, `feat: run ${name}`],
    routing: [
      ...(manifest.routing ? [`feat(${name}): route ${manifest.routing.host}`] : []),
      `feat(${name}): route the service`,
      `feat: route ${name}`,
    ],
    observability: [`feat(${name}): watch the service`, `feat: watch ${name}`],
    delivery: [`ci(${name}): build and deliver the service`, `ci: deliver ${name}`],
    docs: [
      ...(manifest.runbook ? [`docs(${name}): add RUNBOOK-${String(manifest.runbook.number).padStart(3, '0')}`] : []),
      `docs(${name}): add its pages`,
      `docs: describe ${name}`,
    ],
  };
  const subjects = candidates[key];
  const subject = subjects.find((text) => text.length <= SUBJECT_LENGTH) ?? subjects.at(-1) ?? name;
  const body = {
    ports: [
      'The ports alone, before anything uses them, so that assignments stay auditable.',
      '',
      ...manifest.ports.map((port) =>
        port.external === 'none'
          ? `- ${port.name}: ${formatPortRange(port.internal)}/${port.protocol}, not published`
          : `- ${port.name}: ${formatPortRange(port.external)}/${port.protocol} to ${formatPortRange(port.internal)}`,
      ),
    ].join('\n'),
    runtime: `${manifest.purpose}\n\nWritten by: ${emitterNames.join(', ')}.`,
    routing: [
      `Access: ${manifest.security.access}.`,
      ...(manifest.security.publicReason ? [`Public because: ${manifest.security.publicReason}`] : []),
    ].join('\n'),
    observability: `What tells people that ${name} is well, and when it is not.\n\nWritten by: ${emitterNames.join(', ')}.`,
    delivery: `From a commit to a signed image and its promotion.\n\nWritten by: ${emitterNames.join(', ')}.`,
    docs: `What ${name} is, how it is reached, and what to do when it breaks.`,
  }[key];
  return { subject, body };
}
