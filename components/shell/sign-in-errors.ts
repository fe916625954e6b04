/** What next-auth's error codes mean for the person who reads them. */

const words: Record<string, string> = {
  OAuthSignin: 'The identity provider could not be asked. It may be away; try again in a moment.',
  OAuthCallback: 'The identity provider did not confirm the sign-in. Try again; if it stays, tell an operator.',
  OAuthCreateAccount: 'You could not be noted here. Try again in a moment.',
  Callback: 'The sign-in could not be finished. Try again.',
  AccessDenied: 'The identity provider refused the sign-in.',
  Verification: 'That link has been used or is too old. Sign in again.',
  Configuration: 'Sign-in is not set up as it should be. Tell whoever runs the portal; its log has the reason.',
  SessionRequired: 'Your session has ended. Sign in again; nothing you typed is lost.',
};

/** @returns words for the code, for unknown ones as well; undefined where there is no code. */
export function signInError(code: string | undefined): string | undefined {
  if (code === undefined || code === '') return undefined;
  return Object.hasOwn(words, code) ? words[code] : 'The sign-in did not work. Try again.';
}

/**
 * Where to go after signing in: only paths of our own, so that no link can lead people elsewhere.
 * @param next as it stands in the URL.
 */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/services';
  const url = new URL(next, 'http://portal.invalid');
  // `/.//elsewhere` loses its dots on the way through URL: what comes out is looked at again.
  if (url.host !== 'portal.invalid' || /^\/(\/|sign-in)/.test(url.pathname)) return '/services';
  return `${url.pathname}${url.search}${url.hash}`;
}
