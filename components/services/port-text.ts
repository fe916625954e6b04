/** Ports as people write them. */

interface Port {
  protocol: 'tcp' | 'udp';
  from: number;
  to: number;
}

/** `7893`, `7894–7899/udp`: TCP goes without saying. */
export function formatPort({ protocol, from, to }: Port): string {
  return `${from === to ? from : `${from}–${to}`}${protocol === 'udp' ? '/udp' : ''}`;
}

/** All of them with a dot between: `7893 · 7894–7899/udp`. */
export function formatPorts(ports: readonly Port[]): string {
  return ports.map(formatPort).join(' · ');
}
