/** Subjects and bodies of a plan's commits, in Conventional Commits. */
import { formatPortRange } from '@/lib/services/port-range';
import { runbookOf } from './emitters/runbook/address';
import type { CommitKey, EmitContext, PlanAction, ResolvedManifest } from './types';

const SUBJECT_LENGTH = 72;

/** Subject and body of a commit, in Conventional Commits. @param context of a change: with the spec as it is to be. */
export function describeCommit(
  action: PlanAction,
  key: CommitKey,
  context: EmitContext,
  emitterNames: readonly string[],
): { subject: string; body: string } {
  const { manifest } = context;
  const subjects = subjectsOf[action](context)[key];
  const subject = subjects.find((text) => text.length <= SUBJECT_LENGTH) ?? subjects.at(-1) ?? manifest.name;
  return { subject, body: bodiesOf[action](manifest, emitterNames)[key] };
}

/** For each commit the subjects that would do, the most telling first. */
type Subjects = Record<CommitKey, string[]>;

const subjectsOf: Record<PlanAction, (context: EmitContext) => Subjects> = {
  add: (context) => {
    const { manifest } = context;
    const { name } = manifest;
    const runbook = runbookName(context);
    const published = publishedPorts(manifest);
    return {
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
        ...(runbook === undefined ? [] : [`docs(${name}): add ${runbook}`]),
        `docs(${name}): add its pages`,
        `docs: describe ${name}`,
      ],
    };
  },
  remove: (context) => {
    const { manifest } = context;
    const { name } = manifest;
    const runbook = runbookName(context);
    const published = publishedPorts(manifest);
    return {
      ports: [
        ...(published.length > 0
          ? [
              `chore(ports): release ${published.join(', ')} of ${name}`,
              `chore(ports): release ${published.length} ports of ${name}`,
            ]
          : []),
        `chore(ports): release the ports of ${name}`,
        `chore(ports): release ${name}`,
      ],
      runtime: [`chore(${name}): decommission the service`, `chore: decommission ${name}`],
      routing: [
        ...(manifest.routing ? [`chore(${name}): take ${manifest.routing.host} off the proxy`] : []),
        `chore(${name}): take its route off the proxy`,
        `chore: unroute ${name}`,
      ],
      observability: [`chore(${name}): stop watching the service`, `chore: unwatch ${name}`],
      delivery: [`ci(${name}): stop building and delivering it`, `ci: stop ${name}`],
      docs: [
        ...(runbook === undefined ? [] : [`docs(${name}): remove ${runbook}`]),
        `docs(${name}): remove its pages`,
        `docs: remove ${name}`,
      ],
    };
  },
  change: ({ manifest: { name } }) => ({
    ports: [`feat(ports): change the ports of ${name}`, `feat(ports): change ${name}`],
    runtime: [`feat(${name}): change how the service runs`, `feat: change ${name}`],
    routing: [`feat(${name}): change how it is reached`, `feat: reroute ${name}`],
    observability: [`feat(${name}): change what is watched`, `feat: rewatch ${name}`],
    delivery: [`ci(${name}): change how it is delivered`, `ci: change ${name}`],
    docs: [`docs(${name}): bring its pages up to date`, `docs: update ${name}`],
  }),
};

const bodiesOf: Record<
  PlanAction,
  (manifest: ResolvedManifest, emitterNames: readonly string[]) => Record<CommitKey, string>
> = {
  add: (manifest, names) => ({
    ports: [
      'The ports alone, before anything uses them, so that assignments stay auditable.',
      '',
      ...portLines(manifest),
    ].join('\n'),
    runtime: `${manifest.purpose}\n\nWritten by: ${names.join(', ')}.`,
    routing: accessLines(manifest),
    observability: `What tells people that ${manifest.name} is well, and when it is not.\n\nWritten by: ${names.join(', ')}.`,
    delivery: `From a commit to a signed image and its promotion.\n\nWritten by: ${names.join(', ')}.`,
    docs: `What ${manifest.name} is, how it is reached, and what to do when it breaks.`,
  }),
  remove: (manifest, names) => ({
    ports: [
      'The ports alone, after nothing uses them any more. Others may have them once this is merged.',
      '',
      ...portLines(manifest),
    ].join('\n'),
    runtime: `${manifest.name} runs no more: ${manifest.purpose}\n\nTaken out by: ${names.join(', ')}.`,
    routing: `Nothing answers there any more.\n\nTaken out by: ${names.join(', ')}.`,
    observability: `Nobody is called for ${manifest.name} any more.\n\nTaken out by: ${names.join(', ')}.`,
    delivery: `Images that are there stay; no new ones are built.\n\nTaken out by: ${names.join(', ')}.`,
    docs: `${manifest.name} is decommissioned. Git keeps what these pages said.`,
  }),
  change: (manifest) => ({
    ports: ['The ports alone, so that assignments stay auditable. As they are now:', '', ...portLines(manifest)].join(
      '\n',
    ),
    runtime: `What the spec of ${manifest.name} says differently, where it runs.`,
    routing: accessLines(manifest),
    observability: `What the spec of ${manifest.name} says differently, where it is watched.`,
    delivery: `What the spec of ${manifest.name} says differently, where it is built and delivered.`,
    docs: `What the pages of ${manifest.name} say is what holds now.`,
  }),
};

function publishedPorts({ ports }: ResolvedManifest): string[] {
  return ports.flatMap((port) =>
    port.external === 'none' ? [] : [`${formatPortRange(port.external)}/${port.protocol}`],
  );
}

function portLines({ ports }: ResolvedManifest): string[] {
  return ports.map((port) =>
    port.external === 'none'
      ? `- ${port.name}: ${formatPortRange(port.internal)}/${port.protocol}, not published`
      : `- ${port.name}: ${formatPortRange(port.external)}/${port.protocol} to ${formatPortRange(port.internal)}`,
  );
}

function accessLines({ security }: ResolvedManifest): string {
  return [
    `Access: ${security.access}.`,
    ...(security.publicReason ? [`Public because: ${security.publicReason}`] : []),
  ].join('\n');
}

/** What people call the service's page: by its number where the house numbers them; undefined where it has none. */
function runbookName(context: EmitContext): string | undefined {
  const runbook = runbookOf(context);
  return runbook && (runbook.id === undefined ? 'its runbook' : runbook.name);
}
