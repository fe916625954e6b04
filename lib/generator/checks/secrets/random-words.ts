/** Long strings without the regularity of words, numbers and names: keys that no vendor marked. */

/** What is random and public: digests, checksums, commits, public keys, certificates, pictures, encrypted values, addresses. */
const PUBLIC: readonly RegExp[] = [
  /\bsha(?:1|224|256|384|512)[:=-][A-Za-z0-9+/=_-]+/gi,
  /\b(?:h1|zh|md5):[A-Za-z0-9+/=]+/g,
  /@[0-9a-f]{40}\b/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /\bdata:[\w.+/-]+;base64,[A-Za-z0-9+/=]+/g,
  /\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\w+|sk-\w+@openssh\.com)\s+[A-Za-z0-9+/=]+/g,
  /\bage1[a-z0-9]{40,}\b/g,
  /\bLS0tLS1CRUdJTi(?:BDRVJUSUZJQ0FUR|BQVUJMSUMg)[A-Za-z0-9+/=]*/g,
  /\bMI(?:IB|IC|ID|IE|IF|IG)[A-Za-z0-9+/]{60,}={0,2}/g,
  /ENC\[[^\]]*\]/g,
  /\bAg[A-D][A-Za-z0-9+/]{200,}={0,2}/g,
];
/** Addresses, but for those whose path or query is the key to what is behind them. */
const ADDRESS = /\b(?:https?|git|ssh|oci|spiffe):\/\/[^\s"'<>)\]]+/gi;
const KEYED = /hook|token|secret|[?&](?:key|sig|signature|code|password|auth)=/i;
/** How far a label and a host's name reach; so a line of any length is read in a time that grows with it alone. */
const LABEL_LENGTH = 100;
const HOST_LENGTH = 253;
/** In front of these words stands what a hexadecimal number is: nothing secret. */
const HEX_LABEL =
  /(?:sha\d*|checksums?(?:\/[\w.-]+)?|digest|hash|sums?|rev(?:ision)?|commit|ref|tree|blob|etag|fingerprint|thumbprint|serial|trace[-_]?(?:id|parent)?|span[-_]?id|uid|guid|uuid|build|version|image|layer|integrity|key[-_]?id)["']?\s*[:=/@ ]\s*["']?(?:[\w.-]+\s*)?$/i;

/** Whether a line holds a string that looks like a key. */
export function hasRandomWord(line: string): boolean {
  let text = line.replace(ADDRESS, (address) => (KEYED.test(address) ? address : ' '));
  for (const shape of PUBLIC) text = text.replace(shape, ' ');
  for (const match of text.matchAll(/[A-Za-z0-9+/_-]{20,}={0,2}/g)) {
    const [word] = match;
    const before = text.slice(Math.max(0, match.index - LABEL_LENGTH), match.index);
    if (isHostPart(text, match.index + word.length)) continue;
    if (isRandom(word, HEX_LABEL.test(before))) return true;
  }
  return false;
}

/** A label of a host name goes on with a dot and another label. */
function isHostPart(text: string, end: number): boolean {
  return /^\.[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.?[a-z]{2,}/i.test(text.slice(end, end + HOST_LENGTH));
}

function isRandom(word: string, isLabelled: boolean): boolean {
  const bare = word.replace(/=+$/, '');
  if (/^[0-9a-f]+$/i.test(bare))
    return !isLabelled && bare.length >= 32 && /[0-9]/.test(bare) && /[a-f]/i.test(bare) && entropy(bare) > 3;
  if (!/[0-9]/.test(bare) || !/[a-z]/i.test(bare)) return false;
  // Names are words between separators; in a key letters and digits, small and capital, stand mixed within a piece.
  const pieces = bare.split(/[/_+-]+/);
  if (!/[a-z]/.test(bare) || !/[A-Z]/.test(bare)) return pieces.some((piece) => isOneCaseKey(piece));
  const mixed = pieces.filter(isMixed).join('');
  if (pieces.some((piece) => piece.length >= 16 && isMixed(piece) && entropy(piece) >= 3.6)) return true;
  return bare.length >= 32 && mixed.length >= bare.length * 0.6 && entropy(bare) >= 4;
}

/** A key of small letters and digits, or of capitals and digits: only a long one without any word in it is told from a name. */
function isOneCaseKey(piece: string): boolean {
  const changes = piece.match(/[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
  return (
    piece.length >= 24 &&
    changes >= 7 &&
    changes >= piece.length / 5 &&
    entropy(piece) >= 3.8 &&
    !/[a-z]{6,}/i.test(piece)
  );
}

/** Letters next to digits more than once, or capitals in the middle more than once. A piece that is CamelCase words with a number is a name. */
function isMixed(piece: string): boolean {
  const digits = piece.match(/[A-Za-z][0-9]|[0-9][A-Za-z]/g)?.length ?? 0;
  const capitals = piece.match(/[a-z][A-Z]/g)?.length ?? 0;
  const words = piece.match(/[A-Z]?[a-z]{3,}|[A-Z]{2,}(?![a-z])/g)?.join('').length ?? 0;
  if (words >= piece.length * 0.7) return false;
  return digits >= 2 || (capitals >= 2 && digits >= 1) || capitals >= 3;
}

/** Shannon's, in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return -[...counts.values()].reduce((sum, count) => sum + (count / text.length) * Math.log2(count / text.length), 0);
}
