/** Where a change begins: the form of the service as its live request decided it, with the port numbers that it has. */
import { db, type Database } from '@/lib/db';
import { requireLiveRequest } from '@/lib/requests/live';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { formOfManifest } from '@/lib/wizard/form-of-manifest';
import { currentRepository } from './read-repository';
import { resolvedOf } from './request-row';

export interface ChangeStart {
  form: DraftForm;
  /** The live request that it leads away from, and since when it is what main has. */
  request: { id: number; liveAt: Date | undefined };
}

/** @throws ConflictError where Slipway has no live request for the service; UpstreamError where main was never read and cannot be. */
export async function beginChange(service: string, database: Database = db()): Promise<ChangeStart> {
  // Main as it is: the previews that follow are made on it, and a service that was merged a moment ago has to be there.
  const { fullName } = await currentRepository({ maxAgeMs: 0 });
  const live = await requireLiveRequest(database, fullName, service);
  const { date: _date, runbook: _runbook, ...manifest } = resolvedOf(live);
  return { form: formOfManifest(manifest), request: { id: live.id, liveAt: live.liveAt ?? undefined } };
}
