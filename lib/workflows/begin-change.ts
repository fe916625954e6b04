/** Where a change begins: the form of the service as its live request decided it, with the port numbers that it has. */
import { db, type Database } from '@/lib/db';
import { env } from '@/lib/env';
import { requireLiveRequest } from '@/lib/requests/live';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { formOfManifest } from '@/lib/wizard/form-of-manifest';
import { resolvedOf } from './request-row';

export interface ChangeStart {
  form: DraftForm;
  /** The live request that it leads away from, and since when it is what main has. */
  request: { id: number; liveAt: Date | undefined };
}

/** @throws ConflictError where Slipway has no live request for the service. */
export async function beginChange(service: string, database: Database = db()): Promise<ChangeStart> {
  const live = await requireLiveRequest(database, env().github.fullName, service);
  const { date: _date, runbook: _runbook, ...manifest } = resolvedOf(live);
  return { form: formOfManifest(manifest), request: { id: live.id, liveAt: live.liveAt ?? undefined } };
}
