/** What somebody says of what they do by hand: ports, findings, services and requests ask for it in the same way. */
import { z } from 'zod';

/** Why something is done by hand, for whoever asks later. */
export const Reason = z
  .string()
  .trim()
  .min(3, 'Say why, in a few words.')
  .max(500, 'Say it in 500 characters at most.');
