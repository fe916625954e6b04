import NextAuth from 'next-auth';
import { withAuditOrigin } from '@/lib/audit-origin';
import { authOptions } from '@/lib/auth/options';
import { auditOriginOf, nobody } from '@/lib/http/audit-origin-of';

type Context = { params: Promise<{ nextauth: string[] }> };

/** Settings are read at the first request: building needs no environment. */
function handler(request: Request, context: Context): Promise<Response> {
  // next-auth leaves the type of what it makes open.
  const handle = NextAuth(authOptions()) as (request: Request, context: Context) => Promise<Response>;
  const origin = auditOriginOf(request.headers, { actor: nobody, way: 'page', operation: 'sign in' });
  return withAuditOrigin(origin, () => handle(request, context));
}

export { handler as GET, handler as POST };
