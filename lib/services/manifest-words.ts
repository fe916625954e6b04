/** The words that a spec is made of: names, lines of text, hosts and paths, each with what to do where it is wrong. */
import { z } from 'zod';

export const DNS_LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const HOST_NAME = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Printable text on one line: no control characters, so that it can stand in a YAML comment, a table cell or a commit subject. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'Say something here.')
    .max(max, `At most ${max} characters.`)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'Keep it to one line, without control characters.');

/** A service's name: DNS-1123 label that starts with a letter, since it becomes a container, a Kubernetes object and a host. */
export const ServiceName = z
  .string()
  .min(2, 'At least two characters.')
  .max(40, 'At most 40 characters, so that prefixes and suffixes still fit in 63.')
  .regex(DNS_LABEL, 'Lower-case letters, digits and hyphens; it starts with a letter and does not end with a hyphen.');

export const Slug = z
  .string()
  .min(1, 'Choose one.')
  .max(40)
  .regex(DNS_LABEL, 'Lower-case letters, digits and hyphens.');

export const HostName = z.string().max(253).regex(HOST_NAME, 'A host name, for example livekit.ravenhelm.test.');

export const EnvironmentName = z
  .string()
  .max(80)
  .regex(ENVIRONMENT_NAME, 'A variable name: letters, digits and underscores.');

/** Absolute path of a URL. */
export const UrlPath = z
  .string()
  .max(200)
  .regex(/^\/[A-Za-z0-9._~/?&=%-]*$/, 'A path that starts with a slash.');

export const RelativePath = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9._/-]+$/, 'A path inside the repository.')
  .refine(
    (path) => !path.startsWith('/') && !path.split('/').includes('..'),
    'A path inside the repository, without "..".',
  );
