/** Whether something listens at an address: one TCP connection, opened and closed at once. Nothing is sent. */
import { connect } from 'node:net';

/** `refused`: the machine answered that nobody listens. `timeout`: nothing came back. `unreachable`: there is no way to the machine, or no such name. */
export type ConnectOutcome = 'reachable' | 'refused' | 'timeout' | 'unreachable';

/** Never throws. @param address a host name or an IP address. @param timeoutMs for the whole attempt, with its name. */
export function tryConnect(address: string, port: number, timeoutMs: number): Promise<ConnectOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (outcome: ConnectOutcome) => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(outcome);
    };
    // The socket's own time limit begins anew with each address of a name.
    const deadline = setTimeout(() => end('timeout'), timeoutMs);
    socket.once('connect', () => end('reachable'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(outcomeOf(error.code)));
  });
}

function outcomeOf(code: string | undefined): ConnectOutcome {
  // Somebody who listened and hung up before we were through is there.
  if (code === 'ECONNRESET') return 'reachable';
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
}
