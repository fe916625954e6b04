import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { NotChangeable } from '@/components/services/not-changeable';
import { ChangedSince } from '@/components/wizard/changed-since';
import { RepositoryUnreadable } from '@/components/wizard/repository-unreadable';
import { UnfinishedDrafts } from '@/components/wizard/unfinished-drafts';
import { Wizard } from '@/components/wizard/wizard';
import type { Actor } from '@/lib/auth/permissions';
import { requireActor } from '@/lib/auth/session';
import { getService } from '@/lib/services/queries';
import { formOf } from '@/lib/wizard/draft-form';
import { draftExists, getDraft, listDrafts, type Draft } from '@/lib/wizard/drafts';
import { findStep } from '@/lib/wizard/steps/index';
import { wizardHref, wizardTitle } from '@/components/wizard/wizard-href';
import { beginChange } from '@/lib/workflows/begin-change';
import { wizardOptions } from '@/lib/workflows/wizard-options';
import { decodeSegment } from '../../../../decode-segment';
import { knownRepository } from '../../../../known-repository';
import { orNotFound } from '../../../../or-not-found';

interface Props {
  params: Promise<{ name: string; step: string }>;
  searchParams: Promise<{ draft?: string | string[] }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, step } = await params;
  return { title: wizardTitle(findStep(step)?.title ?? 'Change', decodeSegment(name)) };
}

/** One step of the wizard for a service that is live; with `?draft=ID` it goes on where that draft is. */
export default async function ChangeServicePage({ params, searchParams }: Props) {
  const actor = await requireActor('drafts.write');
  const { step, name: segment } = await params;
  const name = decodeSegment(segment);
  if (!findStep(step)) notFound();
  const asked = z.uuid().safeParse((await searchParams).draft);
  const id = asked.success ? asked.data : undefined;
  const [service, main] = await Promise.all([orNotFound(getService(name)), knownRepository()]);
  if (main.kind === 'unknown')
    return <RepositoryUnreadable reason={main.reason} here={wizardHref(step, { id, changes: name })} />;

  const draft = id === undefined ? undefined : await askedDraft(actor, id);
  if (draft?.requestId !== undefined) redirect(`/requests/${draft.requestId}`);
  if (draft && draft.changes !== name) redirect(wizardHref(step, draft));
  if (service.liveRequest === undefined || service.underWay) return <NotChangeable service={service} what="change" />;
  const [{ form, request }, options] = await Promise.all([beginChange(name), wizardOptions()]);
  if (draft) {
    const { version, content, endedRequestId, createdAt, owner } = draft;
    const savedAt = draft.updatedAt.getTime();
    return (
      <Wizard
        key={draft.id}
        before={
          request.liveAt && request.liveAt > createdAt ? <ChangedSince service={name} request={request.id} /> : null
        }
        draft={{ id: draft.id, version, content: formOf(content), changes: name, endedRequestId, owner, savedAt }}
        initialStep={step}
        options={options}
      />
    );
  }
  // As for a new service: what could not be saved is in the tab under the id of the address.
  const fresh = id ?? randomUUID();
  return (
    <Wizard
      key={fresh}
      before={<UnfinishedDrafts drafts={await begun(actor, name)} />}
      draft={{ id: fresh, version: 0, content: form, changes: name, endedRequestId: undefined }}
      initialStep={step}
      options={options}
    />
  );
}

/** The draft of the address; not found where it is somebody else's, undefined where the server does not have it yet. */
async function askedDraft(actor: Actor, id: string): Promise<Draft | undefined> {
  return (await draftExists(id)) ? orNotFound(getDraft(actor, id)) : undefined;
}

/** What this person began and did not submit. */
async function begun(actor: Actor, name: string) {
  const drafts = await listDrafts(actor);
  return drafts
    .filter(({ changes }) => changes === name)
    .slice(0, 3)
    .map(({ id, step, updatedAt }) => ({ id, name, changes: name, step, updatedAt: updatedAt.toISOString() }));
}
