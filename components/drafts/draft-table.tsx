/** Drafts, newest first: what they are to become, where their writers were, and until when they are kept. */
import Link from 'next/link';
import { ConfirmAction } from '@/components/requests/confirm-action';
import { RelativeTime } from '@/components/ui/relative-time';
import { wizardHref } from '@/components/wizard/wizard-href';
import type { ActionResult } from '@/lib/http/action';
import { findStep } from '@/lib/wizard/steps/index';

interface DraftRow {
  id: string;
  name: string | undefined;
  /** The live service that it changes. */
  changes: string | undefined;
  /** Who began it, where that is somebody else. */
  owner: string | undefined;
  /** How many others edit it. */
  editors: number;
  step: string;
  /** ISO times. */
  updatedAt: string;
  expiresAt: string;
}

const titleOf = ({ name, changes }: DraftRow): string =>
  changes === undefined ? (name ?? 'A draft without a name') : `Change of ${changes}`;

export function DraftTable({
  drafts,
  remove,
}: {
  drafts: readonly DraftRow[];
  remove: (id: string) => Promise<ActionResult<null>>;
}) {
  return (
    <table className="dense">
      <thead>
        <tr>
          <th scope="col">Draft</th>
          <th scope="col" className="w-[150px] max-md:hidden">
            Begun by
          </th>
          <th scope="col" className="w-[130px] max-md:hidden">
            Step
          </th>
          <th scope="col" className="w-[140px] max-md:w-[104px]">
            Last change
          </th>
          <th scope="col" className="w-[110px] max-md:hidden">
            Expires
          </th>
          <th scope="col" className="w-[104px]">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {drafts.map((draft) => (
          <tr key={draft.id}>
            <td>
              {/* A draft's page holds its own state, so it is loaded anew. */}
              <Link
                href={wizardHref(draft.step, draft)}
                prefetch={false}
                data-row-link
                className="font-medium outline-offset-0"
              >
                {titleOf(draft)}
              </Link>
            </td>
            <td className="text-ink-2 max-md:hidden">
              {draft.owner ?? 'you'}
              {draft.owner === undefined && draft.editors > 0 ? (
                <span className="text-12 text-ink-3">
                  {' '}
                  with {draft.editors} {draft.editors === 1 ? 'other' : 'others'}
                </span>
              ) : null}
            </td>
            <td className="text-ink-2 max-md:hidden">{findStep(draft.step)?.title}</td>
            <td className="text-ink-3">
              <RelativeTime at={draft.updatedAt} />
            </td>
            <td className="text-ink-3 max-md:hidden">
              <RelativeTime at={draft.expiresAt} />
            </td>
            <td className="text-right">
              <RemoveDraft draft={draft} remove={remove.bind(null, draft.id)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RemoveDraft({ draft, remove }: { draft: DraftRow; remove: () => Promise<ActionResult<null>> }) {
  const shared = draft.owner !== undefined;
  return (
    <ConfirmAction
      label={shared ? 'Leave' : 'Delete'}
      doing={shared ? 'Leaving' : 'Deleting'}
      title={`${shared ? 'Leave' : 'Delete'} ${titleOf(draft)}?`}
      consequences={
        shared
          ? [`It goes from your list. ${draft.owner} keeps it; their link leads you back.`]
          : ['What was typed in it is gone for good, for everybody whom you gave its link.', 'Nothing else is touched.']
      }
      keep="Keep it"
      danger={!shared}
      small
      act={remove}
    />
  );
}
