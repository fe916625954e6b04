import type { Metadata } from 'next';
import { LonePage } from '@/components/shell/lone-page';
import { ButtonLink } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/error-state';

export const metadata: Metadata = { title: 'This link does not open' };

/** The same words for every link that does not open: what is wrong with it is nobody’s business. */
export default function RefusedLinkPage() {
  return (
    <LonePage>
      <ErrorState
        title="This link does not open a draft"
        actions={
          <>
            <ButtonLink href="/drafts">Your drafts</ButtonLink>
            <ButtonLink href="/services">Catalog</ButtonLink>
          </>
        }
      >
        <p>
          It was cut off, is more than seven days old, was taken back, was made for somebody else, or its draft is gone.
          Ask whoever sent it for a new one.
        </p>
      </ErrorState>
    </LonePage>
  );
}
