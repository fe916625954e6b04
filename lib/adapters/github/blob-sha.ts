/** A file's Git hash, computed here: what GitHub says it has can be compared with what we meant. */
import { createHash } from 'node:crypto';

/** The SHA-1 that Git gives a blob of these bytes. */
export function blobSha(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
