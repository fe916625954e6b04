/** Whether this process can do its work: the database answers and is migrated. Says nothing about the inside. */
import { isReady } from '@/lib/workflows/readiness';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const ready = await isReady();
  return Response.json(
    { status: ready ? 'ready' : 'not ready' },
    { status: ready ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}
