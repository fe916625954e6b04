/** Where the worker may try whether active ports answer: host by host, by the operators' word alone. */
import { isIP } from 'node:net';
import { z } from 'zod';

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/**
 * `host=address,host=address`: the host as the platform's profile names it, and the name or IP address at which the worker reaches it, without a port.
 * Empty where nothing is probed.
 */
export const PortProbe = z
  .string()
  .default('')
  .transform((text, context) => {
    const addresses: Record<string, string> = {};
    for (const pair of text.split(',').map((part) => part.trim())) {
      if (pair === '') continue;
      const [host, address, ...rest] = pair.split('=').map((part) => part.trim());
      if (!host || !address || rest.length > 0 || (isIP(address) === 0 && !HOST_NAME.test(address))) {
        context.addIssue({
          code: 'custom',
          message: `"${pair}" is not host=address with a name or an IP address, without a port`,
        });
        return z.NEVER;
      }
      addresses[host] = address;
    }
    return addresses;
  });
