import NextAuth from 'next-auth';
import { authOptions } from '@/lib/auth/options';

type Context = { params: Promise<{ nextauth: string[] }> };

/** Settings are read at the first request: building needs no environment. */
function handler(request: Request, context: Context): Promise<Response> {
  // next-auth leaves the type of what it makes open.
  const handle = NextAuth(authOptions()) as (request: Request, context: Context) => Promise<Response>;
  return handle(request, context);
}

export { handler as GET, handler as POST };
