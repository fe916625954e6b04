/** A service's ports: what they are for, and where they stand in their pools. */
import type { PoolStrip, ReservationView } from '@/lib/ports/views';
import type { ServiceDetails, ServicePort } from '@/lib/services/views';
import { poolSpans } from '@/components/ports/pool-spans';
import { ReachMark } from '@/components/ports/reach-mark';
import { PortStrip } from '@/components/ui/port-strip';
import { Section } from '@/components/ui/section';
import { formatPort } from './port-text';

export function ServicePorts({
  service,
  pools,
  host,
  reservations,
}: {
  service: ServiceDetails;
  /** Those in which it has a port. */
  pools: readonly PoolStrip[];
  host: string | undefined;
  /** What it has here: what its ports are called, and whether they answer, where that is probed. */
  reservations: readonly ReservationView[];
}) {
  const { ports, manifest } = service;
  const pending = service.state === 'pending';
  const reservedAs = (port: ServicePort) =>
    reservations.filter(
      ({ protocol, range }) => protocol === port.protocol && range.from <= port.to && port.from <= range.to,
    );
  const reachOf = (port: ServicePort) => reservedAs(port).find(({ reach }) => reach)?.reach;
  // Main's files give a port no name; whoever reserved it did.
  const nameOf = (port: ServicePort) => port.name ?? reservedAs(port)[0]?.portName;
  return (
    <Section title="Ports" note={ports.length > 0 ? `on ${host ?? 'the host'}` : undefined}>
      {ports.length === 0 ? <p className="py-2 text-ink-3">It publishes no port on the host.</p> : null}
      {ports.length > 0 && manifest ? (
        <table className="dense" data-inline>
          <thead>
            <tr>
              <th scope="col" className="w-40">
                On the host
              </th>
              <th scope="col" className="w-32 max-md:hidden">
                In the container
              </th>
              <th scope="col" className="w-24">
                Name
              </th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {ports.map((port) => {
              const name = nameOf(port);
              const own = manifest.ports.find((each) => each.name === name);
              return (
                <tr key={`${port.protocol}${port.from}`}>
                  <td>
                    <span className="mono">{formatPort(port)}</span> <ReachMark reach={reachOf(port)} />
                  </td>
                  <td className="mono text-ink-2 max-md:hidden">
                    {own ? formatPort({ protocol: own.protocol, ...own.internal }) : ''}
                  </td>
                  <td className="text-ink-2">{name ?? ''}</td>
                  <td className="text-ink-2" title={own?.why}>
                    {own?.why ?? ''}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : null}
      {pools.map((pool) => (
        <div key={pool.name} className="mt-4">
          <p className="mb-2 text-12 text-ink-3">
            Pool {pool.name}{' '}
            <span className="mono">
              {pool.from}–{pool.to}
            </span>
          </p>
          <PortStrip pool={pool} spans={poolSpans(pool, pending ? ports : [], service.name)} />
        </div>
      ))}
      {ports.length > 0 && !manifest && pools.length === 0 ? (
        <ul>
          {ports.map((port) => (
            <li
              key={`${port.protocol}${port.from}`}
              className="mono flex min-h-[31px] items-center border-b border-line"
            >
              {formatPort(port)}
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  );
}
