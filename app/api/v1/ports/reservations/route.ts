import { idempotencyKeyOf } from '@/lib/http/idempotency-key';
import { route } from '@/lib/http/route';
import { listReservations } from '@/lib/ports/queries';
import { PortWish } from '@/lib/ports/views';
import { reservePort } from '@/lib/workflows/reserve-port';

/** The reservations that live, by port. */
export const GET = route({ permission: 'ports.read' }, async () => ({ reservations: await listReservations() }));

/** Reserves ports by hand: a number, a range, or the next free ones of a pool. The same Idempotency-Key and wish give the same reservation. */
export const POST = route({ permission: 'ports.manage', body: PortWish }, async ({ actor, body, request }) => {
  const key = request.headers.has('idempotency-key') ? idempotencyKeyOf(request, actor) : undefined;
  const reserved = await reservePort(body, actor, key === undefined ? {} : { idempotencyKey: key });
  return Response.json(reserved, { status: 201, headers: { 'cache-control': 'no-store' } });
});
