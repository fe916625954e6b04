/**
 * What a request's row keeps as JSON, with its types: written by submit alone, read by the worker and the pages. The plan holds every
 * file's bytes, since what the person saw is what is committed.
 */
import { z } from 'zod';
import { Manifest } from '@/lib/services/manifest';
import { type PortRange } from '@/lib/services/port-range';
import { followUpPhases, planActions } from '@/lib/generator/types';
import type { FileView, RequestFile } from './views';

const StoredFile = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  executable: z.boolean(),
  added: z.number(),
  removed: z.number(),
});
export type StoredFile = z.infer<typeof StoredFile>;

export const StoredPlan = z.object({
  /** Requests from before there was a choice add a service. */
  action: z.enum(planActions).default('add'),
  commits: z.array(
    z.object({ key: z.string(), subject: z.string(), body: z.string(), files: z.array(StoredFile).min(1) }),
  ),
  findings: z.array(z.object({ kind: z.string(), path: z.string(), line: z.number().optional(), message: z.string() })),
  /** The profile that it was made with: the pull request's words are made from it. */
  profile: z.record(z.string(), z.unknown()),
  /** Where the runbook's page is written, if there is one. */
  runbookPath: z.string().optional(),
  /** Of a change: the resolved spec that it leads away from. */
  before: z.record(z.string(), z.unknown()).optional(),
});
export type StoredPlan = z.infer<typeof StoredPlan>;

export const StoredChecks = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['pass', 'fail', 'warn', 'not-run']),
    summary: z.string(),
    detail: z.string(),
    durationMs: z.number().optional(),
  }),
);
export type StoredChecks = z.infer<typeof StoredChecks>;

/** Steps of requests from before they had phases and keys are known by their place. */
export const StoredFollowUps = z
  .array(
    z.object({
      phase: z.enum(followUpPhases).default('start'),
      key: z.string().optional(),
      title: z.string(),
      detail: z.string().optional(),
      command: z.string().optional(),
    }),
  )
  .transform((steps) => steps.map((step, index) => ({ ...step, key: step.key ?? `step-${index + 1}` })));

/** The resolved spec as far as requests themselves look into it; the rest is the generator's and kept as it is. */
export const StoredResolved = z.looseObject({
  ports: z.array(
    z.looseObject({
      name: z.string(),
      protocol: z.enum(['tcp', 'udp']),
      internal: z.object({ from: z.number(), to: z.number() }),
      external: z.union([z.literal('none'), z.object({ from: z.number(), to: z.number() })]),
    }),
  ),
  runbook: z.object({ number: z.number() }).optional(),
});
export type StoredResolved = z.infer<typeof StoredResolved>;

/** The submitted spec. */
export function storedManifest(json: unknown): Manifest {
  return Manifest.parse(json);
}

/** What the request publishes on the host. */
export function publishedPorts(
  resolved: StoredResolved,
): { name: string; protocol: 'tcp' | 'udp'; range: PortRange }[] {
  return resolved.ports.flatMap(({ name, protocol, external }) =>
    external === 'none' ? [] : [{ name, protocol, range: external }],
  );
}

/** Every file once, from the base to what the last commit makes of it. */
export function filesOf(plan: StoredPlan): RequestFile[] {
  const files = new Map<string, RequestFile>();
  for (const file of plan.commits.flatMap((commit) => commit.files)) {
    const earlier = files.get(file.path);
    files.set(file.path, {
      path: file.path,
      before: earlier ? earlier.before : file.before,
      after: file.after,
      executable: file.executable,
      isNew: (earlier ? earlier.before : file.before) === null,
      added: (earlier?.added ?? 0) + file.added,
      removed: (earlier?.removed ?? 0) + file.removed,
    });
  }
  return [...files.values()];
}

/** A stored file for the lists. */
export function fileView(file: StoredFile): FileView {
  return { path: file.path, added: file.added, removed: file.removed, isNew: file.before === null };
}
