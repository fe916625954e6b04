/** The words that a profile is made of. */
import { z } from 'zod';

/** A path inside the platform repository. */
export const Path = z
  .string()
  .min(1)
  .max(300)
  .refine((path) => !path.includes('\\'), 'Folders are separated by "/", on Windows too.')
  .refine(
    (path) => !path.startsWith('/') && !path.split('/').includes('..'),
    'A path inside the repository, without "..".',
  )
  .refine(
    (path) => !path.split('/').some((segment) => segment.startsWith('-')),
    'No folder or file of a path begins with "-": programs would take it for an option.',
  );
export const Key = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'Letters, digits, - and _.');
export const LinkTemplate = z
  .string()
  .regex(/^https?:\/\//, 'An http(s) URL; {service}, {host}, {environment} and {container} are filled in.');
