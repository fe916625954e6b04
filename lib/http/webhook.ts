/** GitHub's webhooks as they come in: signature first, on the bytes as received, then the few fields that we use. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { InputError, UnauthenticatedError } from '@/lib/errors';

/** What of a delivery is kept. Everything else (people's data, whole diffs) is not ours to store. */
export const DeliveryPayload = z.object({
  action: z.string().optional(),
  ref: z.string().optional(),
  after: z.string().optional(),
  repository: z.object({ full_name: z.string() }).optional(),
  pull_request: z.object({ number: z.number(), head: z.object({ ref: z.string() }).optional() }).optional(),
  issue: z.object({ number: z.number(), pull_request: z.object({}).optional() }).optional(),
  /** Of `status`. */
  sha: z.string().optional(),
  /** Of `delete` and `create`. */
  ref_type: z.string().optional(),
  check_run: z.object({ head_sha: z.string() }).optional(),
  check_suite: z.object({ head_sha: z.string() }).optional(),
});
export type DeliveryPayload = z.infer<typeof DeliveryPayload>;

export interface Delivery {
  /** GitHub's id of the delivery: a second sending has the same. */
  id: string;
  event: string;
  payload: DeliveryPayload;
}

/**
 * Whether `signature` (`sha256=…`) is the HMAC of exactly these bytes. Takes the same time wherever they differ.
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function isSigned(body: Uint8Array, signature: string | null, secret: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const given = Buffer.from(signature ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Refuses what is not even signed, before its body is read.
 * @throws UnauthenticatedError
 */
export function requireSignature(headers: Headers): void {
  if (!/^sha256=[0-9a-f]{64}$/.test(headers.get('x-hub-signature-256') ?? '')) throw unsigned();
}

/**
 * Checks and parses a delivery.
 * @throws UnauthenticatedError without a valid signature; InputError where headers or body are not a delivery's.
 */
export function parseDelivery(headers: Headers, body: Uint8Array, secret: string): Delivery {
  if (!isSigned(body, headers.get('x-hub-signature-256'), secret)) {
    throw unsigned();
  }
  const id = headers.get('x-github-delivery') ?? '';
  const event = headers.get('x-github-event') ?? '';
  if (!/^[\w-]{1,100}$/.test(id) || !/^\w{1,60}$/.test(event)) {
    throw new InputError('X-GitHub-Delivery and X-GitHub-Event have to say which delivery this is.');
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw new InputError('The body is not JSON. Choose application/json as the webhook’s content type.', [], { cause });
  }
  const payload = DeliveryPayload.safeParse(json);
  if (!payload.success) throw new InputError('The body is not a GitHub event.', [], { cause: payload.error });
  return { id, event, payload: payload.data };
}

function unsigned(): UnauthenticatedError {
  return new UnauthenticatedError(
    'The signature is missing or is not of this body. Check the webhook’s secret on GitHub.',
  );
}
