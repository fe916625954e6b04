/** That somebody took the audit away is part of the audit. */
import { recordAudit } from '@/lib/audit-events';
import { db } from '@/lib/db';
import type { AuditFilter } from './views';

/** @param filter what was looked for; nothing in it means everything. */
export async function noteExport(filter: AuditFilter): Promise<void> {
  const asked = Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined);
  await recordAudit(db(), {
    action: 'exported',
    subject: { kind: 'audit', id: 'entries' },
    after: Object.fromEntries(asked),
  });
}
