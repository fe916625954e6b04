/** The audit for operators: a page of entries, or with `format=jsonl` everything that the filter finds, one JSON object on each line. */
import { z } from 'zod';
import { exportAudit, listAudit } from '@/lib/audit/queries';
import { noteExport } from '@/lib/audit/note-export';
import { AuditFilter } from '@/lib/audit/views';
import { jsonLines } from '@/lib/http/json-lines';
import { route } from '@/lib/http/route';

const query = AuditFilter.extend({
  format: z.enum(['json', 'jsonl']).default('json'),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});

export const GET = route({ permission: 'audit.read', query }, async ({ query: { format, limit, ...filter } }) => {
  if (format === 'json') return listAudit(filter, limit);
  await noteExport(filter);
  return jsonLines(exportAudit(filter), `slipway-audit-${new Date().toISOString().slice(0, 10)}.jsonl`);
});
