/** Which values are no secret: references to one, paths to one, words that say that one is missing, and what has no value at all. */

const EMPTY = /^(?:|~|null|none|nil|undefined|true|false|yes|no|on|off|\d{1,6}|\*+|x{3,}|\.{3}|-+|_+)$/i;
/** `${VAR}`, `$VAR`, `$(command)`, `{{ template }}`, `<set me>`, `%VAR%`, `ENC[sops]`, `!Ref x`, `*alias`. */
const REFERENCE =
  /^(?:\$\{|\$\(|\$[A-Za-z_@*1-9]|\$\$|\{\{|\$\{\{|<|%\w+%|@|ENC\[|!\w|[*&][\w-]+$|`)|\{\{.*\}\}|\$\{[^}]*\}|\$\(/;
const PATH = /^(?:~?\/|\.{1,2}\/|file:|[\w./-]+\.(?:pem|key|crt|cert|jwks?|json|ya?ml|conf|env|txt|toml)$)/;
const ADDRESS = /^(?:https?|arn|vault|aws|gcp|op|ref|sm|ssm|secretsmanager|kms|spiffe|urn):/i;
const MISSING =
  /^(?:["'(]?)(?:change[-_ ]?(?:me|it|this)|set[-_ ]?(?:me|this)|replace[-_ ]?(?:me|this|with)?|to[-_ ]?do|to[-_ ]?be|fix[-_ ]?me|fill[-_ ]?(?:me|in)|your[-_ ]|my[-_](?:secret|password|token|key)|insert[-_ ]|put[-_ ]|enter[-_ ]|dummy|fake|example|sample|placeholder|redacted|masked|hidden|unset|unused|not[-_ ]|no[-_ ]|optional|required|default|test(?:ing)?$|password$|passwd$|pass$|secret$|token$|key$|devkey$|foo|bar$|string$|str$|text$|random|generated?)/i;
/** Code: a call, a member, an index. */
const CODE = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+(?:[([].*)?$|^[A-Za-z_][\w.]*[([]/;

/** Whether a value that stands under a name such as `DB_PASSWORD` is none, or only says where one is. */
export function isPlaceholder(value: string): boolean {
  const bare = value.trim();
  return (
    EMPTY.test(bare) ||
    REFERENCE.test(bare) ||
    PATH.test(bare) ||
    ADDRESS.test(bare) ||
    MISSING.test(bare) ||
    CODE.test(bare) ||
    /^[[{(|>]/.test(bare) ||
    // Several words are somebody's description.
    /^\S*[A-Za-z]\S*(?:\s+\S+)+$/.test(bare)
  );
}

/** Whether a text is a plain name, such as of another secret: words, hyphens, dots and slashes. */
export function isName(value: string): boolean {
  return /^[A-Za-z][A-Za-z]*(?:[-_./:][A-Za-z0-9]{1,14})*$/.test(value.trim());
}
