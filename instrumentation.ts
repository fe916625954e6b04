/** Runs once when the portal starts: an incomplete environment stops it here, by name, instead of at the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { prepareEnvironment } = await import('@/lib/env');
  prepareEnvironment();
}
