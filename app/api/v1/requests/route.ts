import { z } from 'zod';
import { idempotencyKeyOf } from '@/lib/http/idempotency-key';
import { route } from '@/lib/http/route';
import { listRequests } from '@/lib/requests/queries';
import { requestStates } from '@/lib/requests/states';
import { Manifest } from '@/lib/services/manifest';
import { PortRange } from '@/lib/services/port-range';
import { submitRemoval, submitService } from '@/lib/workflows/submit-service';

const query = z
  .object({
    state: z.enum(requestStates).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
    // Ids are PostgreSQL integers.
    cursor: z.coerce
      .number()
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .optional(),
  })
  .strict();

/** Requests, newest first. */
export const GET = route({ permission: 'requests.read', query }, ({ query: { state, limit, cursor } }) =>
  listRequests({ ...(state ? { states: [state] } : {}), limit, ...(cursor === undefined ? {} : { cursor }) }),
);

/** The change set that was seen, as the preview gave it. */
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'The digest that the preview gave.');
const body = z.union([
  z
    .object({
      action: z.enum(['add', 'change']).default('add'),
      manifest: Manifest,
      digest,
      /** The numbers that the preview showed: where others took them meanwhile, and nothing else moved, the next free ones are taken. */
      renumber: z
        .object({ ports: z.array(PortRange).max(100), runbook: z.number().int().min(0).optional() })
        .strict()
        .optional(),
      draftId: z.uuid().optional(),
    })
    .strict(),
  z.object({ action: z.literal('remove'), service: z.string().min(1).max(100), digest }).strict(),
]);
/** Submits the addition, change or removal of a service. The same Idempotency-Key gives the same request, however often it is sent. */
export const POST = route({ permission: 'requests.submit', body }, ({ actor, body: input, request }) => {
  const submission = { idempotencyKey: idempotencyKeyOf(request, actor), actor };
  return input.action === 'remove'
    ? submitRemoval({ service: input.service, digest: input.digest, ...submission })
    : submitService({ ...input, ...submission });
});
