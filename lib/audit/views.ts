/** What the audit's page and its API are told, and how a search for entries stands in a URL. Pure. */
import { z } from 'zod';

export const actorKinds = ['person', 'token', 'job', 'system', 'database'] as const;
export type ActorKind = (typeof actorKinds)[number];

/** What entries are about, with the word for many of it. */
export const subjectKinds = {
  request: 'Requests',
  refresh: 'Branches brought up to main',
  step: 'Steps after a merge',
  port: 'Ports',
  finding: 'Findings',
  host: 'Hosts',
  runbook: 'Runbook numbers',
  service: 'Catalog',
  draft: 'Drafts',
  editor: 'Access to drafts',
  delivery: 'Webhooks',
  job: 'Jobs of the queue',
  pause: 'Pauses of other systems',
  user: 'People',
  audit: 'Audit',
} as const;
export type SubjectKind = keyof typeof subjectKinds;

export const auditActions = [
  'created',
  'changed',
  'removed',
  'asked again',
  'signed in',
  'signed out',
  'exported',
  'forgotten',
  'lifted',
  'shared',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** One thing that somebody did: an append-only row of `audit_entries`. */
export interface AuditEntryView {
  id: string;
  /** ISO time, the database's. */
  at: string;
  actor: { kind: string; id: string | undefined; name: string };
  /** `page`, `api`, `job`, `webhook`, or `database` for a change past Slipway. */
  way: string;
  operation: string | undefined;
  action: string;
  subject: { kind: string; id: string };
  service: string | undefined;
  requestNumber: number | undefined;
  before: Record<string, unknown> | undefined;
  after: Record<string, unknown> | undefined;
  address: string | undefined;
  userAgent: string | undefined;
  /** The same for a call and every job that came of it. */
  correlationId: string | undefined;
}

export interface AuditPage {
  entries: AuditEntryView[];
  /** Leads to older ones; absent at the end. */
  nextCursor: string | undefined;
}

/** A day, or a moment with its zone. */
const Moment = z.union(
  [z.iso.date(), z.iso.datetime({ offset: true })],
  'a day (2026-11-21) or a moment (2026-11-21T09:00:00Z)',
);
const Words = z.string().trim().min(1).max(200);

/** What is looked for; everything that is given has to hold. */
export const AuditFilter = z.object({
  /** Part of a name: of a person, a job, a role of the database. */
  who: Words.optional(),
  kind: z.enum(actorKinds).optional(),
  what: z.enum(Object.keys(subjectKinds) as SubjectKind[]).optional(),
  did: z.enum(auditActions).optional(),
  /** A request's number, a service's name, a port, a host. */
  on: Words.optional(),
  from: Moment.optional(),
  /** A day counts whole. */
  to: Moment.optional(),
  /** Words that stand anywhere in an entry. */
  q: Words.optional(),
  /** `nextCursor` of the page before: milliseconds and id of its last entry. */
  cursor: z
    .string()
    .regex(/^\d{1,15}_\d{1,18}$/, 'not a cursor of a page')
    .optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

const keys = Object.keys(AuditFilter.shape) as (keyof AuditFilter)[];

/** Reads a page's URL; what it does not know or cannot read counts for nothing. */
export function parseAuditFilter(params: Record<string, string | string[] | undefined>): AuditFilter {
  return keys.reduce<AuditFilter>((filter, key) => {
    const one = AuditFilter.safeParse({ [key]: params[key] });
    return one.success && one.data[key] !== undefined ? { ...filter, ...one.data } : filter;
  }, {});
}

/** The address of a search: of the page, or of `path`. */
export function auditHref(filter: Partial<Record<keyof AuditFilter, string | undefined>>, path = '/audit'): string {
  const params = new URLSearchParams();
  for (const key of keys) {
    const value = filter[key]?.trim();
    if (value) params.set(key, value);
  }
  const query = params.toString();
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** Where an entry's subject can be looked at; undefined where it has no page. */
export function subjectHref(
  entry: Pick<AuditEntryView, 'subject' | 'requestNumber' | 'service' | 'action'>,
): string | undefined {
  if (entry.requestNumber !== undefined) return `/requests/${entry.requestNumber}`;
  if (entry.subject.kind === 'port' || entry.subject.kind === 'finding') return '/ports';
  // What was removed has no page any more.
  if (entry.service !== undefined && entry.action !== 'removed')
    return `/services/${encodeURIComponent(entry.service)}`;
  return undefined;
}

/** What the database puts for a value that is not kept: only that it changed. */
export const NOT_KEPT = '[not kept]';

/** A time as PostgreSQL writes it into JSON. */
const ROW_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/;

/** One field as it was and as it is; undefined on the side where there is none. */
export interface FieldChange {
  field: string;
  before: string | undefined;
  after: string | undefined;
}

/** The fields of an entry that differ, in words: those of a new row have no `before`, those of a removed one no `after`. */
export function fieldChanges({ before, after }: Pick<AuditEntryView, 'before' | 'after'>): FieldChange[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields.map((field) => ({
    field: field.replaceAll('_', ' '),
    before: inWords(before?.[field]),
    after: inWords(after?.[field]),
  }));
}

function inWords(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return JSON.stringify(value);
  return ROW_TIME.test(value) ? `${new Date(value).toISOString().slice(0, 19).replace('T', ' ')} UTC` : value;
}
