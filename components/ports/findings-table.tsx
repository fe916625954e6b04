/** What the import of the repository found that somebody should mend. */
import type { PortOverview } from '@/lib/ports/views';

export function FindingsTable({
  findings,
  fileUrl,
}: {
  findings: PortOverview['findings'];
  fileUrl: (path: string, line?: number) => string;
}) {
  return (
    <table className="dense" data-inline>
      <thead>
        <tr>
          <th scope="col" className="w-[170px] max-md:hidden">
            Kind
          </th>
          <th scope="col" className="w-[330px] max-md:w-2/5">
            Where
          </th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {findings.map((finding, index) => (
          <tr key={index} className="wraps">
            <td className="text-ink-2 max-md:hidden">{finding.kind.replaceAll('-', ' ')}</td>
            <td>
              <a className="mono link" href={fileUrl(finding.path, finding.line)} target="_blank" rel="noreferrer">
                {finding.path}
                {finding.line === undefined ? '' : `:${finding.line}`}
              </a>
            </td>
            <td>{finding.message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
