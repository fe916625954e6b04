/**
 * Services on their way to the browser: one line each, fields between tabs. As objects ten thousand of them weigh three times as much in the
 * page, most of it names of fields. Pure.
 */
import type { ServiceState, ServiceSummary } from '@/lib/services/views';

/** What the catalog shows and searches of a service. */
export interface CatalogService {
  name: string;
  displayName: string | undefined;
  purpose: string | undefined;
  state: ServiceState;
  category: string | undefined;
  owner: string | undefined;
  lifecycle: string | undefined;
  stack: string | undefined;
  host: string | undefined;
  ports: { protocol: 'tcp' | 'udp'; from: number; to: number }[];
  /** The request that promises it. */
  requestId: number | undefined;
  /** The change or removal of it that is under way. */
  underWay: { action: 'change' | 'remove'; id: number } | undefined;
}

/** Values that were read from other people's files may hold anything. */
function field(value: string | undefined): string {
  return (value ?? '').replace(/[\t\n\r]+/g, ' ');
}

/** One line for each service. */
export function packServices(services: readonly ServiceSummary[]): string {
  return services
    .map((service) =>
      [
        service.name,
        service.displayName,
        service.purpose,
        service.state === 'pending' ? 'p' : '',
        service.category,
        service.owner,
        service.lifecycle,
        service.stack,
        service.host,
        service.ports
          .map(({ protocol, from, to }) => `${from}${from === to ? '' : `-${to}`}${protocol === 'udp' ? 'u' : ''}`)
          .join(','),
        service.request === undefined ? '' : String(service.request.id),
        packUnderWay(service.underWay),
      ]
        .map(field)
        .join('\t'),
    )
    .join('\n');
}

/** The services of `packServices`. */
export function unpackServices(packed: string): CatalogService[] {
  if (packed === '') return [];
  return packed.split('\n').map((line) => {
    const [
      name = '',
      displayName,
      purpose,
      state,
      category,
      owner,
      lifecycle,
      stack,
      host,
      ports = '',
      requestId,
      underWay,
    ] = line.split('\t').map((value) => (value === '' ? undefined : value));
    return {
      name,
      displayName,
      purpose,
      state: state === 'p' ? 'pending' : 'live',
      category,
      owner,
      lifecycle,
      stack,
      host,
      ports: ports === '' ? [] : ports.split(',').map(unpackPort),
      requestId: requestId === undefined ? undefined : Number(requestId),
      underWay: unpackUnderWay(underWay),
    };
  });
}

/** `c12`, `r13`; an addition is seen by the service's state. */
function packUnderWay(request: ServiceSummary['underWay']): string {
  return request === undefined || request.action === 'add' ? '' : `${request.action.charAt(0)}${request.id}`;
}

function unpackUnderWay(text: string | undefined): CatalogService['underWay'] {
  if (text === undefined) return undefined;
  return { action: text.startsWith('c') ? 'change' : 'remove', id: Number(text.slice(1)) };
}

function unpackPort(text: string): CatalogService['ports'][number] {
  const udp = text.endsWith('u');
  const [from = 0, to] = (udp ? text.slice(0, -1) : text).split('-').map(Number);
  return { protocol: udp ? 'udp' : 'tcp', from, to: to ?? from };
}
