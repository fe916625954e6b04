/** What somebody began and did not submit, above a new draft. Leads back to where they were. */
import Link from 'next/link';
import { RelativeTime } from '@/components/ui/relative-time';

interface Props {
  drafts: readonly { id: string; name: string | undefined; step: string; updatedAt: string }[];
}

export function UnfinishedDrafts({ drafts }: Props) {
  if (drafts.length === 0) return null;
  return (
    <nav
      aria-label="Your unfinished drafts"
      className="flex min-h-8 flex-wrap items-center gap-x-4 border-b border-line bg-canvas px-5 py-1 text-12 text-ink-3 max-md:px-4"
    >
      <span>Go on with</span>
      {drafts.map(({ id, name, step, updatedAt }) => (
        <span key={id}>
          {/* A draft's page holds its own state, so it is loaded anew. */}
          <Link href={`/services/new/${step}?draft=${id}`} prefetch={false} className="link text-ink-2">
            {name ?? 'a draft without a name'}
          </Link>{' '}
          <RelativeTime at={updatedAt} />
        </span>
      ))}
    </nav>
  );
}
