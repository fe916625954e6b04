import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { NotChangeable } from '@/components/services/not-changeable';
import { Removal } from '@/components/services/removal';
import { RemovalDone } from '@/components/services/removal-done';
import { RemovalUnderWay } from '@/components/services/removal-under-way';
import { RemovalUnneeded } from '@/components/services/removal-unneeded';
import { liveSource } from '@/components/shell/live-source';
import { Waterline } from '@/components/shell/waterline';
import { RepositoryUnreadable } from '@/components/wizard/repository-unreadable';
import { requireActor } from '@/lib/auth/session';
import { env } from '@/lib/env';
import { ConflictError, NotFoundError } from '@/lib/errors';
import { findGivenBack } from '@/lib/requests/live';
import { getService } from '@/lib/services/queries';
import { mayGiveBack } from '@/lib/workflows/give-back-lost';
import { previewRemoval } from '@/lib/workflows/preview-removal';
import { decodeSegment } from '../../../decode-segment';
import { knownRepository, mainFact } from '../../../known-repository';
import { giveBackAction } from './actions';

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Remove ${decodeSegment((await params).name)}` };
}

/** The answer, or undefined where it is refused in this way. */
async function known<Value>(query: Promise<Value>, Refusal: typeof NotFoundError | typeof ConflictError) {
  try {
    return await query;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** What a service's removal does, and the one button that asks for it. */
export default async function RemoveServicePage({ params }: Props) {
  const source = liveSource('services', 'requests', 'repository');
  const actor = await requireActor('requests.submit');
  const name = decodeSegment((await params).name);
  const [service, main] = await Promise.all([known(getService(name), NotFoundError), knownRepository()]);
  if (main.kind === 'unknown')
    return <RepositoryUnreadable reason={main.reason} here={`/services/${encodeURIComponent(name)}/remove`} />;
  if (service && (service.liveRequest === undefined || service.underWay))
    return <NotChangeable service={service} what="remove" />;
  // Somebody took it out of main by hand: it has left the catalog, and Slipway still holds what is its own.
  const preview = await known(previewRemoval(name), ConflictError);
  if (!preview) {
    const given = await findGivenBack(env().github.fullName, name);
    if (!given || service) notFound();
    return (
      <>
        <RemovalDone service={name} given={given} />
        <Waterline source={source} main={mainFact(main)} facts={[{ id: 'state', content: `${name} is given back` }]} />
      </>
    );
  }
  if (preview.underWay) {
    return (
      <>
        <RemovalUnderWay service={name} preview={preview} underWay={preview.underWay} />
        <Waterline
          source={source}
          main={mainFact(main)}
          facts={[{ id: 'state', content: preview.underWay.owner.label }]}
        />
      </>
    );
  }
  const giveBack = mayGiveBack(actor, preview.live.requesterId) ? giveBackAction.bind(null, name) : undefined;
  return (
    <>
      {preview.nothingLeft ? (
        <RemovalUnneeded service={name} preview={preview} giveBack={giveBack} />
      ) : (
        <Removal service={name} preview={preview} />
      )}
      <Waterline
        source={source}
        main={mainFact(main)}
        facts={[
          preview.nothingLeft
            ? { id: 'state', content: `${name} is gone from main` }
            : { id: 'state', content: `removal of ${name}`, note: 'not asked for yet' },
        ]}
        {...(preview.nothingLeft ? {} : { keys: [{ keys: ['d'], label: 'to the diff' }] })}
      />
    </>
  );
}
