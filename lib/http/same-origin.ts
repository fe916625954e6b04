/** Whether a request that changes something comes from our own pages (browsers always send Origin with a POST). */
export function isSameOrigin(headers: Headers, ownUrl: string): boolean {
  const origin = headers.get('origin');
  return origin !== null && origin === new URL(ownUrl).origin;
}
