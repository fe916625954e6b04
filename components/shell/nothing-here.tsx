/** No such page: what it may have been, and the ways on. */
import { ButtonLink } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/error-state';

export function NothingHere() {
  return (
    <ErrorState
      title="Nothing stands here"
      actions={
        <>
          <ButtonLink href="/services">Catalog</ButtonLink>
          <ButtonLink href="/requests">Requests</ButtonLink>
        </>
      }
    >
      <p>
        There is no page, service or request at this address. It may have been withdrawn, or the address has a slip in
        it.
      </p>
    </ErrorState>
  );
}
