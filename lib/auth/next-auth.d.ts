import type { Actor } from '@/lib/auth/permissions';

declare module 'next-auth' {
  interface Session {
    actor?: Actor | undefined;
  }
}

declare module 'next-auth/jwt' {
  interface JWT {
    userId?: string;
    provider?: string;
    idToken?: string | undefined;
    groups?: string[];
  }
}
