/** In place of the wizard, and of a removal, while main cannot be read: what a service may be stands there. */
import { ButtonLink } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/error-state';

export function RepositoryUnreadable({ reason, here }: { reason: string; here: string }) {
  return (
    <ErrorState
      title="The platform repository cannot be read"
      actions={
        <>
          <ButtonLink href={here}>Try again</ButtonLink>
          <ButtonLink href="/services">Catalog</ButtonLink>
        </>
      }
    >
      <p>{reason}</p>
      <p>What a service is stands there. Drafts are kept meanwhile.</p>
    </ErrorState>
  );
}
