/** Keys that give themselves away by their form: prefixes that vendors chose so that scanners find them, key blocks, hashes of passwords. */

/** What it is, in words for a sentence, and its form. */
export type KnownShape = readonly [what: string, shape: RegExp];

const VENDOR_KEYS: readonly KnownShape[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,})/],
  [
    'a GitLab token',
    /\bgl(?:pat|ptt|rt|rtr|dt|ft|soat|cbt|agent|oas|imt)-[A-Za-z0-9_.-]{16,}|\bGR1348941[A-Za-z0-9_-]{16,}/,
  ],
  [
    'a Slack token',
    /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{20,}|hooks\.slack\.com\/(?:services|workflows)\/T\w+\/\w+\/\w+/,
  ],
  [
    'a webhook with its key',
    /discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]{20,}|\.webhook\.office\.com\/webhookb2\/[\w@-]{30,}|chat\.googleapis\.com\/v1\/spaces\/[^\s"']*[?&]key=/,
  ],
  // Names have hyphens as well: those of services and hosts are in lower case, as no long random key is.
  [
    'an OpenAI or Anthropic key',
    /(?<![\w-])sk-(?:(?=[\w-]*[A-Z])|or-v1-|lf-)(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{20,}/,
  ],
  [
    'a key of a model provider',
    /\b(?:gsk_|r8_)[A-Za-z0-9_-]{24,}|(?<![\w-])(?:pplx|xai|nvapi)-(?=[\w-]*[A-Z])[\w-]{24,}/,
  ],
  ['a Stripe key', /\b(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9+/]{16,}/],
  ['a Google key', /\bAIza[0-9A-Za-z_-]{35}|\bGOCSPX-[A-Za-z0-9_-]{20,}|\bya29\.[A-Za-z0-9_-]{20,}/],
  [
    'an Azure key',
    /\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{30,}={0,2}|\b[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}|[?&]sig=[A-Za-z0-9%+/]{30,}/,
  ],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{30,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b|\/\/[\w./-]+:_(?:authToken|password)=(?!\$)[^\s$]{8,}/],
  ['a PyPI token', /\bpypi-AgE[A-Za-z0-9_-]{30,}/],
  ['a Docker token', /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}/],
  ['a Notion token', /\b(?:secret_[A-Za-z0-9]{40,}|ntn_[A-Za-z0-9]{40,})/],
  ['a SendGrid key', /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/],
  ['a Twilio key', /\bSK[0-9a-f]{32}\b/],
  ['a Telegram bot token', /\b\d{8,10}:AA[A-Za-z0-9_-]{32,}/],
  ['a Vault or Terraform token', /\bhv[bsr]\.[A-Za-z0-9_-]{20,}|\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}/],
  ['a Grafana token', /\bglsa_[A-Za-z0-9]{20,}|\bglc_[A-Za-z0-9+/=]{30,}/],
  [
    'a token of a service',
    /\b(?:dop_v1_[a-f0-9]{40,}|lin_api_[A-Za-z0-9]{30,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{30,}|dapi[a-f0-9]{32}|tskey-[a-z]+-[A-Za-z0-9-]{16,}|PMAK-[a-f0-9]{20,}|ATATT3x[A-Za-z0-9_=-]{30,}|NRAK-[A-Z0-9]{25,}|sntry[su]_[A-Za-z0-9_=-]{30,}|sbp_[a-f0-9]{30,}|dp\.[a-z]{2,5}\.[A-Za-z0-9]{36,}|HRKU-[A-Za-z0-9_-]{30,}|key-[0-9a-f]{32})\b/,
  ],
];

const KEY_BLOCKS: readonly KnownShape[] = [
  ['a private key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY|PuTTY-User-Key-File-\d|\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/],
  // The same, encoded once more, as Kubernetes keeps it: PRIVATE, RSA PRIVATE, EC PRIVATE, ENCRYPTED PRIVATE, OPENSSH PRIVATE.
  ['a private key', /LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJVkFUR|BFQyBQUklWQVRF|BFTkNSWVBURUQgUFJJVkFUR|BPUEVOU1NI)/],
];

const HASHES: readonly KnownShape[] = [
  ['the hash of a password', /\${1,2}2[abxy]?\${1,2}\d{2}\${1,2}[./A-Za-z0-9]{53}/],
  [
    'the hash of a password',
    /\${1,2}(?:apr1|1|5|6|y)\${1,2}(?:rounds=\d+\${1,2})?[./A-Za-z0-9]{1,24}\${1,2}[./A-Za-z0-9]{20,}/,
  ],
  ['the hash of a password', /\${1,2}(?:argon2(?:id|i|d)|scrypt|pbkdf2[\w-]*)\${1,2}[^\s"']{20,}/],
  ['the hash of a password', /(?:^|["'\s=,])[\w.-]+:\{S?SHA\}[A-Za-z0-9+/]{26,}={0,2}/],
];

const HEADERS: readonly KnownShape[] = [
  ['a signed token', /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}/],
  ['a sign-in', /\bBasic (?=[A-Za-z0-9+/]*[a-z][A-Z0-9])(?=[A-Za-z+/]*[0-9=])[A-Za-z0-9+/]{12,}={0,2}(?=["'\s,;]|$)/],
  ['a token in a header', /\bBearer (?=[\w.-]*\d)(?=[\w.-]*[A-Za-z])[\w.~+/-]{20,}=*/],
  ['the sign-in of an image registry', /"auth"\s*:\s*"[A-Za-z0-9+/]{12,}={0,2}"/],
];

/** What a line holds by its form alone. */
export function knownShapeIn(line: string): string | undefined {
  return [...KEY_BLOCKS, ...VENDOR_KEYS, ...HASHES, ...HEADERS].find(([, shape]) => shape.test(line))?.[0];
}
