/**
 * The digest of a change set: what a person saw in the preview, what submit sends back, what the pull request's body names. Two change sets
 * have one digest exactly when their commits write the same bytes under the same subjects.
 */
import { createHash } from 'node:crypto';
import type { PlannedCommit } from './types';

/**
 * The sha-256 (hex) over commit subjects and each file's path, mode and bytes before and after (none where it is new, or deleted).
 * Every part is preceded by its length, so that no two different change sets feed the hash the same bytes.
 */
export function digestOf(commits: readonly PlannedCommit[]): string {
  const hash = createHash('sha256');
  const feed = (part: string | null) => {
    if (part === null) {
      hash.update('-;');
      return;
    }
    const bytes = Buffer.from(part, 'utf8');
    hash.update(`${bytes.length};`).update(bytes);
  };
  feed('slipway change set 1');
  for (const commit of commits) {
    feed(`commit ${commit.files.length}`);
    feed(commit.subject);
    for (const file of commit.files) {
      feed(file.path);
      feed(file.executable ? '100755' : '100644');
      feed(file.before);
      feed(file.after);
    }
  }
  return hash.digest('hex');
}
