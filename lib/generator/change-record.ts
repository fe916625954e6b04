/**
 * What a change set can be computed again from, as the pull request's body carries it: the resolved spec, what was done with it, and the commit that it was
 * planned on. A comment that GitHub does not show. It holds no secret, since a spec holds none.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { Manifest } from '@/lib/services/manifest';
import { planActions, type PlanAction, type ResolvedManifest } from './types';

export interface ChangeRecord {
  action: PlanAction;
  /** Commit of the platform repository. */
  baseSha: string;
  resolved: ResolvedManifest;
  /** For a change: the resolved spec that it leads away from. */
  before?: ResolvedManifest;
}

/** Characters of a record in a body: GitHub takes 65,536 altogether, and a spec of usual size needs two thousand. */
const MOST_ENCODED = 16_000;
/** Bytes of the JSON that a record unpacks to: what unpacks to more was not written by us. */
const MOST_DECODED = 512 * 1024;

const Sha = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const RECORD = /<!-- slipway:spec ([A-Za-z0-9_-]+) ([a-z]+) ([0-9a-f]+) -->/g;
const DIGEST = /Change set `([0-9a-f]{64})`/g;

/** The spec's own rules, with everything decided. */
const Resolved = z
  .looseObject({
    date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    runbook: z.object({ number: z.int().positive() }).optional(),
  })
  .transform(({ date, runbook, ...spec }, context): ResolvedManifest => {
    const manifest = Manifest.safeParse(spec);
    const ports = manifest.data?.ports.flatMap(({ external, ...port }) =>
      external === 'auto' ? [] : [{ ...port, external }],
    );
    if (!manifest.success || ports?.length !== manifest.data.ports.length) {
      context.addIssue({ code: 'custom', message: 'The spec in it is not valid.' });
      return z.NEVER;
    }
    return { ...manifest.data, ports, ...(runbook ? { runbook } : {}), date };
  });
const Payload = z.object({ resolved: Resolved, before: Resolved.optional() }).strict();

/** The comment; undefined where the spec is so large that a body should not carry it. */
export function encodeChangeRecord({ action, baseSha, resolved, before }: ChangeRecord): string | undefined {
  if (!Sha.test(baseSha)) throw new RangeError(`${baseSha} is no commit`);
  const json = JSON.stringify({ resolved, ...(before ? { before } : {}) });
  const packed = gzipSync(json, { level: 9 }).toString('base64url');
  return packed.length > MOST_ENCODED ? undefined : `<!-- slipway:spec ${packed} ${action} ${baseSha} -->`;
}

/**
 * Reads the record out of a body that anybody may have edited: the last one counts, and nothing of it is trusted before it has been parsed.
 * @returns the record, or what is wrong, in words.
 */
export function decodeChangeRecord(body: string): { record: ChangeRecord } | { problem: string } {
  const match = [...body.matchAll(RECORD)].at(-1);
  if (!match) return { problem: 'The body holds no record of the change (a comment that begins with slipway:spec).' };
  const [, packed = '', said = '', baseSha = ''] = match;
  const action = planActions.find((one) => one === said);
  if (!action || !Sha.test(baseSha) || packed.length > MOST_ENCODED)
    return { problem: 'The record of the change is not one that Slipway writes.' };
  let json: unknown;
  try {
    json = JSON.parse(gunzipSync(Buffer.from(packed, 'base64url'), { maxOutputLength: MOST_DECODED }).toString('utf8'));
  } catch {
    return { problem: 'The record of the change cannot be unpacked: it was cut or edited.' };
  }
  const payload = Payload.safeParse(json);
  if (!payload.success)
    return {
      problem: `The record of the change is not valid: ${payload.error.issues[0]?.message ?? 'it has another shape'}`,
    };
  const { resolved, before } = payload.data;
  return { record: { action, baseSha, resolved, ...(before ? { before } : {}) } };
}

/** A resolved spec as JSON, as `slipway plan --format json` prints it under `resolved`; undefined where the text is none. */
export function parseResolved(text: string): ResolvedManifest | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const whole = z.object({ resolved: Resolved }).safeParse(value);
    return whole.success ? whole.data.resolved : Resolved.safeParse(value).data;
  } catch {
    return undefined;
  }
}

/** The digest that a body names; the last one, which stands at its end. */
export function digestInBody(body: string): string | undefined {
  return [...body.matchAll(DIGEST)].at(-1)?.[1];
}
