import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { RepositoryUnreadable } from '@/components/wizard/repository-unreadable';
import { UnfinishedDrafts } from '@/components/wizard/unfinished-drafts';
import { Wizard } from '@/components/wizard/wizard';
import { requireActor } from '@/lib/auth/session';
import { NotFoundError } from '@/lib/errors';
import { emptyDraft, formOf } from '@/lib/wizard/draft-form';
import { draftExists, getDraft, listDrafts } from '@/lib/wizard/drafts';
import { findStep } from '@/lib/wizard/steps/index';
import { wizardHref, wizardTitle } from '@/components/wizard/wizard-href';
import { wizardOptions } from '@/lib/workflows/wizard-options';
import { knownRepository } from '../../../known-repository';

interface Props {
  params: Promise<{ step: string }>;
  searchParams: Promise<{ draft?: string | string[] }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const step = findStep((await params).step);
  return { title: step ? wizardTitle(step.title, undefined) : 'New service' };
}

/** One step of the wizard; with `?draft=ID` it goes on where that draft is. */
export default async function WizardPage({ params, searchParams }: Props) {
  const actor = await requireActor('drafts.write');
  const { step } = await params;
  if (!findStep(step)) notFound();
  const asked = z.uuid().safeParse((await searchParams).draft);
  const main = await knownRepository();
  if (main.kind === 'unknown') {
    const id = asked.success ? asked.data : undefined;
    return <RepositoryUnreadable reason={main.reason} here={wizardHref(step, { id })} />;
  }
  const options = await wizardOptions();
  if (asked.success) {
    const draft = await getDraft(actor, asked.data).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
    if (!draft && (await draftExists(asked.data))) notFound();
    if (draft?.requestId !== undefined) redirect(`/requests/${draft.requestId}`);
    if (draft?.changes !== undefined) redirect(wizardHref(step, draft));
    if (draft) {
      const { id, version, content, changes, endedRequestId, owner } = draft;
      const savedAt = draft.updatedAt.getTime();
      return (
        <Wizard
          key={id}
          draft={{ id, version, content: formOf(content), changes, endedRequestId, owner, savedAt }}
          initialStep={step}
          options={options}
        />
      );
    }
  }
  // A draft that the server does not have yet keeps its id over a reload: what could not be saved is in the tab under that id.
  const id = asked.success ? asked.data : randomUUID();
  const unfinished = await listDrafts(actor);
  const drafts = unfinished.slice(0, 3).map(({ id, name, changes, step: at, updatedAt }) => ({
    id,
    name,
    changes,
    step: at,
    updatedAt: updatedAt.toISOString(),
  }));
  return (
    <Wizard
      before={<UnfinishedDrafts drafts={drafts} />}
      key={id}
      draft={{ id, version: 0, content: emptyDraft(), changes: undefined, endedRequestId: undefined }}
      initialStep={step}
      options={options}
    />
  );
}
