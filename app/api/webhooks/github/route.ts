/** Where GitHub sends its events. The signature is the authentication; everything else is done by the worker. */
import { withAuditOrigin } from '@/lib/audit-origin';
import { InputError } from '@/lib/errors';
import { auditOriginOf, nobody } from '@/lib/http/audit-origin-of';
import { toProblem } from '@/lib/http/problem';
import { REQUEST_ID_HEADER } from '@/lib/http/request-id';
import { problemResponse } from '@/lib/http/route';
import { requireSignature } from '@/lib/http/webhook';
import { receiveWebhook } from '@/lib/workflows/process-webhook';

/** GitHub's own limit for a payload. */
const MOST_BYTES = 25 * 1024 * 1024;

export async function POST(request: Request): Promise<Response> {
  const actor = { ...nobody, name: 'GitHub' };
  const origin = auditOriginOf(request.headers, { actor, way: 'webhook', operation: 'POST /api/webhooks/github' });
  try {
    requireSignature(request.headers);
    const body = await readBytes(request);
    const outcome = await withAuditOrigin(origin, () => receiveWebhook(request.headers, body));
    return Response.json(
      { outcome },
      { status: outcome === 'accepted' ? 202 : 200, headers: { [REQUEST_ID_HEADER]: origin.correlationId } },
    );
  } catch (error) {
    return problemResponse(toProblem(error, 'POST /api/webhooks/github'));
  }
}

/** @throws InputError where it is larger than any event: before anything is read where its length is said, otherwise as soon as it is too long. */
async function readBytes(request: Request): Promise<Uint8Array> {
  const tooLarge = () => new InputError('The body is larger than any event of GitHub’s.');
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > MOST_BYTES) {
      await reader?.cancel();
      throw tooLarge();
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}
