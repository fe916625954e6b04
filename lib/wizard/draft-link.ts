/**
 * Links to drafts: a token that says which draft, for whom and until when, sealed with AES-256-GCM so that nothing of it can be read or changed. The first secret seals,
 * each opens: links outlive a change of the secret. Whatever does not open, opens to nothing, without a reason.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** Who may use the link: whoever signs in and may edit drafts, or the one person with this e-mail address. */
export const LinkAudience = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('anyone') }).strict(),
  z.object({ kind: z.literal('email'), email: z.email().max(254) }).strict(),
]);
export type LinkAudience = z.infer<typeof LinkAudience>;

const DraftLink = z
  .object({
    draftId: z.uuid(),
    /** Row of `users`: the draft's owner when it was made. */
    madeBy: z.uuid(),
    audience: LinkAudience,
    /** The draft's generation of links: it opens nothing once that is another. Links of before have none, and are of the first. */
    generation: z.number().int().min(1).default(1),
    /** Seconds since 1970. */
    expires: z.number().int(),
  })
  .strict();
export type DraftLink = z.infer<typeof DraftLink>;

/** Where a link holds: other portals, and other uses of the same secret, open nothing. */
interface Seal {
  /** Newest first. */
  secrets: readonly string[];
  /** The portal's own URL. */
  portal: string;
}

const PURPOSE = 'slipway draft link 1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Far above what a link takes; more is not looked at. */
const MOST_CHARACTERS = 2000;

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, 32));
}

/** What is authenticated beside the token's own bytes. */
function boundTo(portal: string): Buffer {
  return Buffer.from(`${PURPOSE}\n${portal}`);
}

/** Whether a text is worth opening: as long as a link may be, and of its characters. Says nothing of whether it opens. */
export function couldBeLink(token: string): boolean {
  return token.length <= MOST_CHARACTERS && /^[A-Za-z0-9_-]+$/.test(token);
}

/** The link as a token of URL-safe characters. */
export function sealLink(link: DraftLink, { secrets, portal }: Seal): string {
  const [newest] = secrets;
  if (newest === undefined) throw new Error('there is no secret to seal links with');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(newest), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(portal));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(link)), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** What a token says; undefined where it is forged, cut, made elsewhere, sealed with a secret that is gone, or past its time. */
export function openLink(token: string, seal: Seal, now: Date): DraftLink | undefined {
  if (!couldBeLink(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  // Decoding forgives what is no base64url; a token is one text and no other.
  if (bytes.toString('base64url') !== token || bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
  for (const secret of seal.secrets) {
    const text = unseal(bytes, secret, seal.portal);
    if (text === undefined) continue;
    const link = DraftLink.safeParse(JSON.parse(text));
    return link.success && link.data.expires * 1000 > now.getTime() ? link.data : undefined;
  }
  return undefined;
}

function unseal(bytes: Buffer, secret: string, portal: string): string | undefined {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(portal));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return undefined; // not sealed with this secret, or not as it was
  }
}
