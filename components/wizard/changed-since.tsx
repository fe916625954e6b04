/** Above the steps of a draft that is older than what main has: what it would take back without meaning to. */
import Link from 'next/link';
import { wizardHref } from './wizard-href';

export function ChangedSince({ service, request }: { service: string; request: number }) {
  return (
    <p className="border-b border-(--warn-line) bg-warn-wash px-5 py-1.5 text-12 text-ink-2 max-md:px-4">
      <Link href={`/requests/${request}`} className="link">
        Request {request}
      </Link>{' '}
      changed {service} after this draft was begun. The diff shows what this draft would take back;{' '}
      {/* A draft's page holds its own state, so it is loaded anew. */}
      <Link href={wizardHref('basics', { changes: service })} prefetch={false} className="link">
        begin afresh
      </Link>{' '}
      to start from what main has now.
    </p>
  );
}
