/** Values that stand under a name which says that they are secret: `DB_PASSWORD=…`, `"client_secret": "…"`, `--token …`, `user:…@host`. */
import { isName, isPlaceholder } from './placeholders';

/** The last words of names whose value is a secret, whatever it looks like. */
const STRONG =
  'password|passwd|passphrase|pwd|client[-_]?secret|api[-_]?key|api[-_]?secret|access[-_]?key|secret[-_]?key|secret[-_]?access[-_]?key|private[-_]?key|encryption[-_]?key|signing[-_]?key|signing[-_]?secret|master[-_]?key|session[-_]?secret|jwt[-_]?secret|cookie[-_]?secret|webhook[-_]?secret|app[-_]?secret|shared[-_]?secret|auth[-_]?token|access[-_]?token|refresh[-_]?token|bot[-_]?token|api[-_]?token|hmac[-_]?(?:key|secret)';
/** Names that as often carry the name of a secret, or a kind of token; the short ones only as a word of their own: `SPIN` is none. */
const WEAK = 'secret|token|credentials?|auth[-_]?key|(?<![A-Za-z])(?:salt|pin|psk)';
/** Names of names: what they carry is no secret. */
const NAMING =
  /(?:existing|pull|image[-_]?pull|tls|secret|ref)[-_]?secret$|(?:^|[-_.])(?:public|csrf|max|min|num|page|next|sort|partition|cache|primary|foreign)[-_]?(?:key|token)s?$/i;

const NAME = `[A-Za-z0-9_.-]{0,60}?(?:${STRONG}|${WEAK})`;
const VALUE = `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|[^\\s,;&|"'}\\]]+(?: [^\\s#][^,;"'}\\]]*)?`;
/** In shells and JSON inside of JSON the quotes may be escaped. */
const ASSIGNMENT = new RegExp(`(?<![A-Za-z0-9_])(${NAME})(?:\\\\?["'])?\\s*(?::|=>|:=|=)\\s*\\\\?(${VALUE})`, 'gi');
const OPTION = new RegExp(`(?<![\\w-])--?([a-z][a-z0-9-]{0,40}-)?(${STRONG}|token)[= ]("[^"]*"|'[^']*'|[^\\s]+)`, 'gi');
/** `${DB_PASSWORD:-hunter2}`: what is taken where the variable is not set. */
const DEFAULT = new RegExp(`\\$\\{(${NAME}):?[-=]([^}]*)\\}`, 'gi');
const ADDRESS_PASSWORD = /\b[a-z][a-z0-9+.-]{1,20}:\/\/([^\s/:@"'<>]{0,100}):([^\s/@"'<>]{3,200})@/gi;
const SIGN_IN_OPTION = /\bcurl\b.*\s(?:-u|--user)[= ]?["']?[^\s"':]+:([^\s"']+)/i;
const STRONG_END = new RegExp(`(?:${STRONG})$`, 'i');
/** No line without one of these words is looked at more closely. */
const HINT = /pass|pwd|secret|token|key|credential|salt|pin|psk|:\/\/|curl/i;
/** Under these as often stands what a key is called. */
const KEY_END = /(?:key|token)$/i;

/** Whether a variable's or key's name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return new RegExp(`(?:${STRONG}|${WEAK})$`, 'i').test(name) && !NAMING.test(name);
}

/** What a line assigns that is to be kept secret; undefined where every such value is a placeholder or a reference. */
export function assignedSecretIn(line: string): string | undefined {
  if (!HINT.test(line)) return undefined;
  for (const [, , password = ''] of line.matchAll(ADDRESS_PASSWORD))
    if (!isPlaceholder(password)) return 'a password in an address';
  const signIn = SIGN_IN_OPTION.exec(line)?.[1];
  if (signIn !== undefined && !isPlaceholder(signIn)) return 'a password in a command';
  const defaults = [...line.matchAll(DEFAULT)];
  if (defaults.some(([, name = '', value = '']) => isSecretValue(name, value))) return 'the value of a secret';
  const rest = defaults.reduce((left, [text]) => left.replace(text, '${}'), line);
  for (const [, name = '', raw = ''] of rest.matchAll(ASSIGNMENT))
    if (isSecretValue(name, raw)) return 'the value of a secret';
  for (const [, , name = '', raw = ''] of rest.matchAll(OPTION))
    if (isSecretValue(name, raw)) return 'a password in a command';
  return undefined;
}

/** Whether what stands under a secret's name is the secret itself. */
export function isSecretValue(name: string, raw: string): boolean {
  const value = raw
    .replace(/^\\?["']/, '')
    .replace(/\\?["']?[,;]?$/, '')
    .trim();
  if (NAMING.test(name) || isPlaceholder(value)) return false;
  const sameAsName = value.toLowerCase().replace(/[^a-z]/g, '') === name.toLowerCase().replace(/[^a-z]/g, '');
  if (sameAsName || (KEY_END.test(name) && isName(value) && /[-_/.]/.test(value))) return false;
  if (STRONG_END.test(name)) return value.length >= 4 && !/^[A-Z][A-Z0-9_]+_(?:NAME|ID|FILE|PATH|URL|ARN)$/.test(value);
  return value.length >= 8 && /\d/.test(value) && /[A-Za-z]/.test(value) && !isName(value);
}
