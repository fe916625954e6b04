/** What the import of the repository found that somebody should mend, with the one action that does. */
import Link from 'next/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { FindingView } from '@/lib/ports/views';
import { FindingActions, type PortActions } from './finding-actions';

export function FindingsTable({
  findings,
  fileUrl,
  pools,
  maySubmit,
  actions,
}: {
  findings: readonly FindingView[];
  fileUrl: (path: string, line?: number) => string;
  pools: readonly { name: string; free: number }[];
  /** May say that a service is gone for good, where it is theirs. */
  maySubmit: boolean;
  /** For operators. */
  actions: PortActions | undefined;
}) {
  return (
    <table className="dense" data-inline>
      <thead>
        <tr>
          <th scope="col" className="w-[170px] max-md:hidden">
            Kind
          </th>
          <th scope="col" className="w-[290px] max-md:hidden">
            Where
          </th>
          <th scope="col">What</th>
          {actions ? (
            <th scope="col" className="w-[160px] max-md:w-[96px]">
              Do
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {findings.map((finding) => (
          <tr key={finding.id} className="wraps">
            <td className="text-ink-2 max-md:hidden">{finding.kind.replaceAll('-', ' ')}</td>
            <td className="max-md:hidden">
              <Place finding={finding} fileUrl={fileUrl} />
            </td>
            <td>
              <div className="md:hidden">
                <Place finding={finding} fileUrl={fileUrl} />
              </div>
              {finding.message}
              <div className="mt-0.5 text-12 text-ink-3">
                <Standing finding={finding} maySubmit={maySubmit} />
              </div>
            </td>
            {actions ? (
              <td>
                <FindingActions finding={finding} pools={pools} actions={actions} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Place({
  finding: { path, line },
  fileUrl,
}: {
  finding: FindingView;
  fileUrl: (path: string, line?: number) => string;
}) {
  return (
    <a className="mono link wrap-anywhere" href={fileUrl(path, line)} target="_blank" rel="noreferrer">
      {path}
      {line === undefined ? '' : `:${line}`}
    </a>
  );
}

/** What mends it; or who accepted it and why, or since when it is mended. */
function Standing({ finding, maySubmit }: { finding: FindingView; maySubmit: boolean }) {
  const { state, remedy, acceptedBy, acceptedBecause, acceptedAt, mendedAt } = finding;
  if (state === 'mended' && mendedAt)
    return (
      <>
        Mended <RelativeTime at={mendedAt} />.
      </>
    );
  if (state === 'accepted' && acceptedAt)
    return (
      <>
        Accepted by {acceptedBy} <RelativeTime at={acceptedAt} />: {acceptedBecause}
      </>
    );
  switch (remedy.kind) {
    case 'edit':
      return 'Mend it in the repository, by a pull request.';
    case 'release':
      return 'Release the reservation here.';
    case 'reserve':
      return 'Reserve it here.';
    case 'host':
      return 'Mend it on the machine: start what should answer, or open the way to it. Accept it where it is meant to be so.';
    case 'give-back':
      return (
        <>
          {maySubmit ? (
            <Link href={`/services/${encodeURIComponent(remedy.service)}/remove`} className="link">
              Give back what is kept for it
            </Link>
          ) : (
            'Give back what is kept for it'
          )}
          , or put its block back into main.
          {/* Apart from the link above, for fingers. */}
          <div className="mt-1 leading-6">
            <Link href={`/services/${encodeURIComponent(remedy.service)}`} className="link inline-block">
              What {remedy.service} was
            </Link>
          </div>
        </>
      );
    case 'request':
      return (
        <>
          Cancel{' '}
          <Link href={`/requests/${remedy.requestId}`} className="link">
            request {remedy.requestId}
          </Link>
          , or mend main.
        </>
      );
  }
}
