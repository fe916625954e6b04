import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { LonePage } from '@/components/shell/lone-page';
import { SignInButtons } from '@/components/shell/sign-in-buttons';
import { safeNext, signInError } from '@/components/shell/sign-in-errors';
import { Note } from '@/components/ui/note';
import { currentActor } from '@/lib/auth/session';
import { env } from '@/lib/env';

export const metadata: Metadata = { title: 'Sign in' };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const single = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined);

/** next-auth sends people here with an `error`, our own pages with the `next` they wanted; `callbackUrl` is next-auth's word for it. */
export default async function SignInPage({ searchParams }: Props) {
  const params = await searchParams;
  const { url, identity } = env();
  const asked = single(params.next) ?? single(params.callbackUrl)?.replace(url, '');
  const next = safeNext(asked);
  if (await currentActor()) redirect(next);
  const error = signInError(single(params.error));
  return (
    <LonePage>
      <div className="mx-auto w-[min(360px,100%)] px-5 pt-[14vh]">
        <h1 className="text-20 font-semibold tracking-[-.015em]">Sign in</h1>
        <p className="mt-1 text-ink-2">
          {next === '/services'
            ? 'Describe a service; get a reviewed pull request in the platform’s repository.'
            : 'You will come back to where you were.'}
        </p>
        {error ? (
          <div role="alert" className="mt-3">
            <Note tone="bad">{error}</Note>
          </div>
        ) : null}
        <SignInButtons providers={identity.map(({ kind, name }) => ({ id: kind, name }))} next={next} />
      </div>
    </LonePage>
  );
}
