import type { Metadata } from 'next';
import { LonePage } from '@/components/shell/lone-page';
import { Button, ButtonLink } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/error-state';
import { currentActor } from '@/lib/auth/session';

export const metadata: Metadata = { title: 'Not allowed' };

export default async function ForbiddenPage() {
  const actor = await currentActor();
  return (
    <LonePage>
      <ErrorState
        title="Your role does not reach this far"
        actions={
          <>
            <ButtonLink href="/services">Catalog</ButtonLink>
            {actor ? (
              <form method="post" action="/sign-out">
                <Button type="submit" variant="ghost">
                  Sign in as somebody else
                </Button>
              </form>
            ) : (
              <ButtonLink href="/sign-in">Sign in</ButtonLink>
            )}
          </>
        }
      >
        {actor ? (
          <p>
            You are signed in as {actor.name}, {actor.role}. Roles come from your groups in the identity provider: ask
            whoever keeps them there, then sign in again.
          </p>
        ) : (
          <p>You are not signed in.</p>
        )}
      </ErrorState>
    </LonePage>
  );
}
