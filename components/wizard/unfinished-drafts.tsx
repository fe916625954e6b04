/** What somebody began and did not submit, above a new draft. Leads back to where they were. */
import Link from 'next/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { wizardHref } from './wizard-href';

interface Props {
  drafts: readonly {
    id: string;
    name: string | undefined;
    /** The live service that it changes. */
    changes: string | undefined;
    step: string;
    updatedAt: string;
  }[];
}

export function UnfinishedDrafts({ drafts }: Props) {
  if (drafts.length === 0) return null;
  return (
    <nav
      aria-label="Your unfinished drafts"
      className="flex min-h-8 flex-wrap items-center gap-x-4 border-b border-line bg-canvas px-5 py-1 text-12 text-ink-3 max-md:px-4"
    >
      <span>Go on with</span>
      {drafts.map(({ id, name, changes, step, updatedAt }) => (
        <span key={id}>
          {/* A draft's page holds its own state, so it is loaded anew. */}
          <Link href={wizardHref(step, { id, changes })} prefetch={false} className="link text-ink-2">
            {changes === undefined ? (name ?? 'a draft without a name') : `the change of ${changes}`}
          </Link>{' '}
          <RelativeTime at={updatedAt} />
        </span>
      ))}
      <Link href="/drafts" className="link ml-auto">
        All drafts
      </Link>
    </nav>
  );
}
