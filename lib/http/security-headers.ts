/** The content security policy: our own files, scripts with the nonce, and forms that may lead to the identity providers. */
import { env, isDevelopment } from '@/lib/env';

/** @param nonce base64, fresh for each request. */
export function contentSecurityPolicy(nonce: string): string {
  const providers = env().identity.flatMap(({ issuer, logoutDomain }) =>
    [issuer, logoutDomain].filter((url) => url !== undefined),
  );
  const formTargets = [...new Set(providers.map((url) => new URL(url).origin))];
  // React's development build evaluates strings to rebuild stacks.
  const evaluation = isDevelopment() ? " 'unsafe-eval'" : '';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluation}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action 'self' ${formTargets.join(' ')}`.trim(),
  ].join('; ');
}
