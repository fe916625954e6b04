'use client';
/** What a page shows that broke: what to do next, a retry, and the reference under which the server's log has the rest. */
import { Button, ButtonLink } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/error-state';

/** Next gives errors of the server a digest, and logs it with them; errors of the browser have none. */
export function errorReference(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('digest' in error)) return undefined;
  return typeof error.digest === 'string' ? error.digest : undefined;
}

export function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  const reference = errorReference(error);
  return (
    <ErrorState
      title="This page could not be made"
      reference={reference}
      actions={
        <>
          <Button onClick={retry}>Try again</Button>
          <ButtonLink href="/services">Catalog</ButtonLink>
        </>
      }
    >
      <p>
        Something went wrong here; it is not your input, and nothing you saved is lost. Try again
        {reference
          ? '; if it stays, give the reference to an operator.'
          : '; if it stays, tell an operator what you did.'}
      </p>
    </ErrorState>
  );
}
