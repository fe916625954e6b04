/** A Git commit as bytes and as an object. Written here because the message has to be kept exactly as it was sent. */

/** Who and when; the time zone is always UTC. */
export interface Signature {
  name: string;
  email: string;
  date: Date;
}

export interface CommitContent {
  tree: string;
  parents: readonly string[];
  author: Signature;
  committer: Signature;
  message: string;
}

function signatureLine({ name, email, date }: Signature): string {
  const clean = (text: string) => text.replace(/[<>\n\0]/g, '').trim();
  return `${clean(name)} <${clean(email)}> ${Math.floor(date.getTime() / 1000)} +0000`;
}

function parseSignature(text: string): Signature {
  const match = /^(.*?) ?<([^>]*)> (\d+) [+-]\d{4}$/.exec(text);
  if (match === null) throw new Error(`Not a Git signature: ${text}`);
  return { name: match[1] ?? '', email: match[2] ?? '', date: new Date(Number(match[3]) * 1000) };
}

/** The bytes of a commit object, without Git's type header. */
export function encodeCommit(commit: CommitContent): Buffer {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signatureLine(commit.author)}`,
    `committer ${signatureLine(commit.committer)}`,
    '',
    commit.message,
  ];
  return Buffer.from(lines.join('\n'), 'utf8');
}

/** Reads a commit object's bytes. @throws Error where they are no commit. */
export function decodeCommit(bytes: Uint8Array): CommitContent {
  const text = Buffer.from(bytes).toString('utf8');
  const end = text.indexOf('\n\n');
  const headers = (end === -1 ? text : text.slice(0, end)).split('\n');
  const all = (key: string) =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const one = (key: string) => {
    const value = all(key)[0];
    if (value === undefined) throw new Error(`A commit without ${key}.`);
    return value;
  };
  return {
    tree: one('tree'),
    parents: all('parent'),
    author: parseSignature(one('author')),
    committer: parseSignature(one('committer')),
    message: end === -1 ? '' : text.slice(end + 2),
  };
}
