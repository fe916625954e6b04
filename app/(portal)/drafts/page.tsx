import type { Metadata } from 'next';
import { DraftTable } from '@/components/drafts/draft-table';
import { RowKeys } from '@/components/shell/row-keys';
import { Waterline } from '@/components/shell/waterline';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { requireActor } from '@/lib/auth/session';
import { listDrafts } from '@/lib/wizard/drafts';
import { deleteDraftAction } from './actions';

export const metadata: Metadata = { title: 'Drafts' };

/** What somebody began, or was let into, and nobody has submitted yet. */
export default async function DraftsPage() {
  const drafts = await listDrafts(await requireActor('drafts.write'));
  return (
    <>
      <div className="flex-1 bg-surface">
        <header className="flex min-h-10 items-center gap-3 border-b border-line-strong px-4">
          <h1 className="font-semibold">Drafts</h1>
          <p className="text-12 text-ink-3 max-md:hidden">
            Saved as they are typed, kept for 30 days after the last change.
          </p>
        </header>
        {drafts.length > 0 ? (
          <DraftTable
            drafts={drafts.map(({ updatedAt, expiresAt, ...draft }) => ({
              ...draft,
              updatedAt: updatedAt.toISOString(),
              expiresAt: expiresAt.toISOString(),
            }))}
            remove={deleteDraftAction}
          />
        ) : (
          <EmptyState
            title="No draft waits for you"
            actions={
              <ButtonLink href="/services/new" shortcut="C">
                New service
              </ButtonLink>
            }
          >
            Whatever you type in the wizard is saved within a second and stands here until it is submitted. Drafts go 30
            days after their last change.
          </EmptyState>
        )}
      </div>
      <RowKeys />
      <Waterline
        facts={[{ id: 'drafts', content: drafts.length, note: drafts.length === 1 ? 'draft' : 'drafts', always: true }]}
        keys={[
          { keys: ['j', 'k'], label: 'move' },
          { keys: ['Enter'], label: 'go on' },
        ]}
      />
    </>
  );
}
