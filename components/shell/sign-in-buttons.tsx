'use client';
/** One button for each configured identity provider. */
import { LogIn } from 'lucide-react';
import { signIn } from 'next-auth/react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';

export function SignInButtons({
  providers,
  next,
}: {
  providers: readonly { id: string; name: string }[];
  /** Where to go afterwards; a path of the portal. */
  next: string;
}) {
  const [leaving, setLeaving] = useState<string>();
  const [failed, setFailed] = useState(false);

  async function go(id: string) {
    setLeaving(id);
    setFailed(false);
    try {
      await signIn(id, { callbackUrl: next });
    } catch {
      setLeaving(undefined);
      setFailed(true);
    }
  }

  return (
    <div className="mt-5 flex flex-col gap-2">
      {providers.map((provider, index) => (
        <Button
          key={provider.id}
          variant={index === 0 ? 'primary' : 'default'}
          className="h-9 w-full"
          aria-disabled={leaving !== undefined}
          onClick={() => {
            if (leaving === undefined) void go(provider.id);
          }}
        >
          <LogIn aria-hidden="true" className="size-3.5" />
          {leaving === provider.id ? `Going to ${provider.name}` : `Sign in with ${provider.name}`}
        </Button>
      ))}
      <p role="status" className="text-12 text-bad-ink">
        {failed ? 'The portal did not answer. Check your connection and try again.' : ''}
      </p>
    </div>
  );
}
