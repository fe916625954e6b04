// A corpus of lines as platform repositories hold them. True ones are put together here, so that no scanner takes this file for a leak.
import { describe, expect, it } from 'vitest';
import { isSecretName } from './assignments';
import { secretIn, secretsIn } from './secret-in';

/** Random in the look of it, the same at every run: letters of an alphabet by a linear congruence. */
function noise(
  length: number,
  alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  seed = 7,
): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return alphabet[Math.floor((state / 2_147_483_648) * alphabet.length)];
  }).join('');
}

const HEX = '0123456789abcdef';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const hex = (length: number, seed?: number) => noise(length, HEX, seed);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const DASHES = '-'.repeat(5);
const word = ['hunter', '2'].join('');

const secrets: [what: string, line: string][] = [
  ['AWS access key', `aws_access_key_id = ${'AK'}IA${noise(16, CAPITALS)}`],
  ['AWS session key', `${'AS'}IA${noise(16, CAPITALS)}`],
  ['AWS secret key', `AWS_SECRET_ACCESS_KEY=${noise(40, BASE64)}`],
  ['AWS secret key without a name', `- ${noise(40, BASE64)}`],
  ['GitHub token', `token: ${'gh'}p_${noise(36)}`],
  ['GitHub app token', `${'gh'}s_${noise(36)}`],
  ['GitHub fine-grained token', `${'github'}_pat_${noise(22)}_${noise(59)}`],
  ['GitLab token', `GITLAB: ${'gl'}pat-${noise(20)}`],
  ['GitLab runner token', `${'gl'}rt-${noise(20)}`],
  ['Slack bot token', `SLACK: ${'xo'}xb-123456789012-${noise(24)}`],
  ['Slack app token', `${'xa'}pp-1-A0${noise(10, CAPITALS)}-123-${hex(32)}`],
  [
    'Slack webhook',
    `url: https://${'hooks.slack'}.com/services/T${noise(8, CAPITALS)}/B${noise(8, CAPITALS)}/${noise(24)}`,
  ],
  ['Discord webhook', `https://${'discord'}.com/api/webhooks/123456789012345678/${noise(60)}`],
  ['Teams webhook', `https://acme${'.webhook'}.office.com/webhookb2/${hex(32)}@${hex(8)}/IncomingWebhook/x`],
  ['Google Chat webhook', `https://chat.googleapis.com/v1/spaces/AAA/messages?${'ke'}y=${noise(39)}&token=x`],
  ['Stripe key', `STRIPE: ${'sk'}_live_${noise(24)}`],
  ['Stripe restricted key', `${'rk'}_live_${noise(24)}`],
  ['Stripe webhook secret', `${'wh'}sec_${noise(32)}`],
  ['OpenAI key', `OPENAI: ${'sk'}-${noise(48)}`],
  ['OpenAI project key', `${'sk'}-proj-${noise(60)}`],
  ['Anthropic key', `${'sk'}-ant-api03-${noise(80)}`],
  ['Langfuse key', `${'sk'}-lf-${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
  ['Groq key', `${'gs'}k_${noise(52)}`],
  ['Google API key', `${'AI'}za${noise(35)}`],
  ['Google OAuth secret', `${'GOC'}SPX-${noise(28)}`],
  ['Google access token', `${'ya'}29.${noise(60)}`],
  ['Azure storage', `DefaultEndpointsProtocol=https;AccountName=acme;${'Account'}Key=${noise(86, BASE64)}==`],
  ['Azure service bus', `Endpoint=sb://x.servicebus.windows.net/;${'SharedAccess'}Key=${noise(43, BASE64)}=`],
  ['Azure client secret', `x: ${noise(3)}${'8'}Q~${noise(34)}`],
  ['Azure shared access signature', `https://x.blob.core.windows.net/c?sv=2022&${'si'}g=${noise(43)}%3D`],
  ['Hugging Face token', `${'h'}f_${noise(34)}`],
  ['npm token', `${'np'}m_${noise(36)}`],
  ['npm configuration', `//registry.npmjs.org/:_${'auth'}Token=${hex(8)}-${hex(4)}-${hex(4)}`],
  ['PyPI token', `${'py'}pi-AgE${noise(60)}`],
  ['Docker Hub token', `${'dck'}r_pat_${noise(27)}`],
  ['Notion token', `${'nt'}n_${noise(46)}`],
  ['SendGrid key', `${'S'}G.${noise(22)}.${noise(43)}`],
  ['Twilio key', `${'S'}K${hex(32)}`],
  ['Telegram bot', `${'12345'}67890:AA${noise(33)}`],
  ['Vault token', `${'hv'}s.${noise(24)}`],
  ['Grafana token', `${'gl'}sa_${noise(32)}_${hex(8)}`],
  ['DigitalOcean token', `${'do'}p_v1_${hex(64)}`],
  ['Linear key', `${'li'}n_api_${noise(40)}`],
  ['Tailscale key', `${'tsk'}ey-auth-${noise(12)}-${noise(24)}`],
  ['private key', `${DASHES}BEGIN ${'PRIVATE'} KEY${DASHES}`],
  ['OpenSSH private key', `${DASHES}BEGIN OPENSSH ${'PRIVATE'} KEY${DASHES}`],
  ['private key in JSON', `"k": "${DASHES}BEGIN RSA ${'PRIVATE'} KEY${DASHES}\\nMII"`],
  ['private key in base64', `tls.key: ${base64(`${DASHES}BEGIN EC ${'PRIVATE'} KEY${DASHES}\nMHc`)}`],
  ['age key', `# ${'AGE-SECRET'}-KEY-1${noise(58, CAPITALS)}`],
  ['signed token', `x: ${'ey'}J${noise(20)}.${'ey'}J${noise(30)}.${noise(43)}`],
  ['bearer', `-H "Authorization: Bearer ${noise(40)}"`],
  ['basic', `Authorization: Basic ${base64(`admin:${word}x`)}`],
  ['registry sign-in', `{"auths":{"ghcr.io":{"${'au'}th":"${base64(`bot:${noise(20)}`)}"}}}`],
  ['database address', `url: postgres://app:${word}@db:5432/app`],
  ['broker address', `amqps://svc:${noise(12)}@mq.acme.test/%2f`],
  ['address with a user alone left off', `redis://:${noise(16)}@redis:6379`],
  ['.NET connection string', `Server=db;User Id=sa;${'Pass'}word=${noise(10)};`],
  ['curl', `curl -u admin:${word} https://x.test`],
  ['password option', `mysql --${'pass'}word=${noise(10)} -h db`],
  ['password option apart', `helm registry login --user bot --${'pass'}word ${noise(14)}`],
  ['bcrypt', `admin:${'$2'}y$05$${noise(53)}`],
  ['bcrypt in a Compose label', `- "traefik.http.middlewares.a.basicauth.users=admin:${'$$2'}y$$05$$${noise(53)}"`],
  ['htpasswd of Apache', `admin:${'$ap'}r1$${noise(8)}$${noise(22)}`],
  ['htpasswd with SHA', `admin:{${'SH'}A}${noise(27, BASE64)}=`],
  ['shadow', `root:${'$'}6$${noise(8)}$${noise(86)}:19000`],
  ['argon2', `hash: "${'$arg'}on2id$v=19$m=65536,t=3,p=4$${noise(22)}$${noise(43)}"`],
  ['a variable in YAML', `DB_${'PASS'}WORD: ${word}`],
  ['a variable in a list', `- POSTGRES_${'PASS'}WORD=${word}`],
  ['a variable in quotes', `- "MINIO_ROOT_${'PASS'}WORD=${noise(10)}"`],
  ['a default', `PG${'PASS'}WORD: \${PG${'PASS'}WORD:-${word}}`],
  ['JSON', `{"username":"app","${'pass'}word":"${noise(9)}"}`],
  ['JSON in a shell', `create_secret "a" "{\\"client_${'secret'}\\":\\"${noise(12)}\\"}" "x"`],
  ['TOML', `api_${'key'} = "${noise(16)}"`],
  ['HCL', `  ${'pass'}word = "${noise(12)}"`],
  ['an export', `export JWT_${'SEC'}RET='${noise(20)}'`],
  ['a UUID as a secret', `client${'Secret'}: ${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
  ['a token of letters and digits', `to${'ken'}: ${noise(20, 'abcdefghijkmnpqrstuvwxyz23456789')}`],
  ['hexadecimal', `value: ${hex(64)}`],
  ['half as long', `- ${hex(32)}`],
  ['base64', `key: ${noise(43, BASE64)}=`],
  ['URL-safe', `x=${noise(12)}-${noise(14, undefined, 3)}_${noise(14, undefined, 5)}`],
  ['small letters and digits', `value: ${noise(40, 'abcdefghijklmnopqrstuvwxyz0123456789')}`],
];

const digest = hex(64);
const commit = hex(40);
const harmless: string[] = [
  // Names of services, whatever they are called
  'container_name: qx-sk-a0aaa0-spiffe-helper-of-agents',
  'container_name: sk-a-service-with-a-long-name-2-helper',
  'container_name: team-xai-explains-what-models-do-2-helper',
  'container_name: xai-explains-what-models-do-2-helper',
  `image: ghcr.io/acme/app@sha256:${digest}`,
  `image: acme/relay:v2@sha256:${digest}`,
  `sha256: ${digest}`,
  `"integrity": "sha512-${noise(86, BASE64)}=="`,
  `checksum/config: ${digest}`,
  `checksum: "${digest}"`,
  `  "digest": "${hex(64)}",`,
  `example.com/mod v1.2.3 h1:${noise(43, BASE64)}=`,
  `- uses: actions/checkout@${commit} # v4.2.2`,
  `uses: sigstore/cosign-installer@${commit}`,
  `targetRevision: ${commit}`,
  `rev: ${commit}`,
  `commit ${commit}`,
  `https://github.com/acme/app/commit/${commit}`,
  `[the file](https://github.com/acme/app/blob/${commit}/charts/app/values.yaml#L20)`,
  `key-id: ${hex(40)}`,
  `x5t-fingerprint: ${hex(40)}`,
  `traceparent: 00-${hex(32)}-${hex(16)}-01`,
  `trace_id=${hex(32)}`,
  `id: ${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
  '"uid": "bdqk3v8v5q1oge",',
  '"datasource": { "type": "prometheus", "uid": "PBFA97CFB590B2093" },',
  `icon: data:image/png;base64,${noise(300, BASE64)}`,
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${noise(43, BASE64)} operator@ravenhelm`,
  `- ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB${noise(200, BASE64)}= ops`,
  `public: age1${noise(58, 'qpzry9x8gf2tvdw0s3jn54khce6mua7l')}`,
  `tls.crt: ${base64(`${DASHES}BEGIN CERTIFICATE${DASHES}\nMIIB${noise(60)}`)}`,
  `${DASHES}BEGIN CERTIFICATE${DASHES}`,
  `password: ENC[AES256_GCM,data:${noise(20, BASE64)},iv:${noise(43, BASE64)}=,tag:${noise(22, BASE64)}==,type:str]`,
  'postgres://${DB_USER}:${DB_PASSWORD}@db/app',
  'postgres://user:password@host:5432/db',
  'redis://:$REDIS_PASSWORD@redis:6379/0',
  'amqp://{{ .user }}:{{ .password }}@mq',
  'https://<user>:<password>@registry.test',
  'url: "http://host.docker.internal:8080/a/b"',
  '- "4510-4519:4510-4519"',
  'ARN: arn:aws:secretsmanager:us-east-1:123456789012:secret:ravenhelm/livekit-egress/api-??????',
  '"arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"',
  'eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/LivekitEgressProdServiceAccount1',
  '--certificate-identity-regexp="https://github.com/acme/.+/.github/workflows/build.yml@refs/heads/main"',
  '--certificate-oidc-issuer https://token.actions.githubusercontent.com',
  'cosign verify --certificate-oidc-issuer=https://token.actions.githubusercontent.com "$IMAGE"',
  'MODEL_TOKEN_SECRET_NAME: ravenhelm/voice-transcriber/model-token',
  'LIVEKIT_SECRET_NAME=ravenhelm/livekit',
  'REGION_PARAMETER: /ravenhelm/livekit-egress/region',
  'DB_PASSWORD_FILE: /run/secrets/db_password',
  'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}',
  'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env}',
  'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-changeme}',
  '- REDIS_PASSWORD=$REDIS_PASSWORD',
  'password: changeme-pg',
  "password: '<set me>'",
  'password: ""',
  'password: null',
  'password:',
  'password: REPLACE_ME',
  'token: your-token-here',
  'token: ${{ secrets.GITHUB_TOKEN }}',
  'GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}',
  'with: { token: "${{ github.token }}" }',
  'password: {{ .Values.database.password | quote }}',
  'apiKey: !Ref ApiKey',
  'api_key = var.api_key',
  'api_key=os.environ["API_KEY"]',
  'password = data.aws_secretsmanager_secret_version.db.secret_string',
  'secret_key: file:///run/secrets/key',
  'private_key: /run/spire/certs/key.pem',
  'svid_key_file_name = "key.pem"',
  'keyFile: /run/spire/certs/key.pem',
  'existingSecret: livekit-egress-credentials-2',
  'imagePullSecret: regcred-2024-internal',
  'secretName: livekit-egress-tls',
  '- secretKey: livekit-egress-database',
  'secretKey: api-key',
  'secretStoreRef: { kind: ClusterSecretStore, name: aws-secrets-manager }',
  'tokenUrl: https://auth.example.test/oauth2/token',
  'TOKEN_TTL_SECONDS: 3600',
  'MAX_TOKENS: 4096',
  'tokenType: Bearer',
  'sort_key: created_at_2024',
  'partition-key: service-name-v2',
  'public_key: ravenhelm-2024-signing',
  'automountServiceAccountToken: false',
  '"password": { "type": "string", "minLength": 12 }',
  'The token: the one that the identity provider gave you in step 2.',
  'description: "Token for the speech model"',
  'create_secret_once "ravenhelm/x/signing" "$(random_value)" "Signs download links"',
  '  "set-me: ravenhelm/x/model-token is set by realtime, see RUNBOOK-035" \\',
  '\'{"client_id":"set-me","client_secret":"set-me: ravenhelm/x/oauth is set by realtime"}\' \\',
  '--secret-string "$(od -vAn -N32 -tx1 /dev/urandom | tr -d \' \\n\')"',
  'awslocal secretsmanager put-secret-value --secret-id ravenhelm/x --secret-string "$(cat)"',
  'aws secretsmanager get-secret-value --secret-id ravenhelm/x --query SecretString',
  'curl -u "$USER:$PASSWORD" https://x.test',
  'curl -H "Authorization: Bearer $TOKEN" https://x.test',
  'curl -H "Authorization: Bearer <token>" https://x.test',
  'Authorization: Basic ${BASIC}',
  'basicAuth defines the Basic Authentication credentials used by the client',
  'nginx.ingress.kubernetes.io/auth-url: https://auth.ravenhelm.cloud/oauth2/auth',
  'nginx.ingress.kubernetes.io/auth-signin: https://auth.ravenhelm.cloud/oauth2/start?rd=$scheme://$host$escaped_request_uri',
  'nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"',
  'topologySpreadConstraintsByHostnameAndZone: true',
  '"$schema": "http://json-schema.org/draft-07/schema#"',
  'expr: histogram_quantile(0.99, sum(rate(http_request_duration_seconds_bucket{service="x",code=~"5.."}[5m])) by (le))',
  'rule: "Host(`livekit-egress-recording-2024-production-eu-west-1.internal.ravenhelm.test`)"',
  'host: d111111abcdef8xk29q4z7.cloudfront.net',
  'endpoint: vpc-search-a1b2c3d4e5f6g7h8i9j0k1l2m3.eu-west-1.es.amazonaws.com',
  'AWS::SecretsManager::SecretTargetAttachment',
  'apiVersion: external-secrets.io/v1',
  'pod: livekit-egress-5d59d67564-x7k2p',
  '| [RUNBOOK-035: Voice](docs/runbooks/RUNBOOK-035-voice-transcriber.md) | `ai` |',
  '[design](https://docs.google.com/document/d/1A2b3C4d5E6f7G8h9I0jKlMnOpQrStUvWxYz/edit)',
  '- [Grafana](https://grafana.x.test/d/service-inventory?var-service=voice-transcriber)',
  'terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks',
  'X509SVIDTTLSecondsForWorkloadRegistrationEntries: 3600',
  'KC_HTTP_RELATIVE_PATH_V2_ENABLED_FOR_ALL_REALMS: "true"',
  'java.io.tmpdir=/var/lib/opensearch/data/NodesFolder0/IndicesFolder12',
  '# ---------------------------------------------------------------------------',
  '# ═══════════════ LIVEKIT ═══════════════',
  '',
];

describe('a secret in a line', () => {
  it('stands in a corpus of a decent size', () => {
    expect(secrets.length).toBeGreaterThanOrEqual(60);
    expect(harmless.length).toBeGreaterThanOrEqual(100);
    expect(new Set(harmless).size).toBe(harmless.length);
  });

  it.each(secrets)('is seen: %s', (_, line) => expect(secretIn(line)).toBeDefined());

  it.each(harmless)('is not seen in %j', (line) => expect(secretIn(line)).toBeUndefined());

  it('is never repeated in the answer', () => {
    for (const [, line] of secrets)
      for (const word of line.match(/[A-Za-z0-9+/]{12,}/g) ?? []) expect(secretIn(line)).not.toContain(word);
  });
});

describe('secrets in the lines of a file', () => {
  const found = (text: string, isAdded: (line: string) => boolean = () => true) =>
    secretsIn(text.split('\n').map((line) => ({ text: line, isAdded: isAdded(line) })));

  it('are named once for a key block, and not at all for a certificate', () => {
    const body = [1, 2, 3].map((seed) => noise(64, BASE64, seed)).join('\n');
    const block = (label: string) => `${DASHES}BEGIN ${label}${DASHES}\n${body}\n${DASHES}END ${label}${DASHES}`;
    expect(found(`a\n${block('CERTIFICATE')}\n${block(`${'PRIVATE'} KEY`)}\n${block('PUBLIC KEY')}\nb`)).toEqual([
      { line: 7, what: 'a private key' },
    ]);
    expect(found(body)).toHaveLength(3);
  });

  it('are found below the name that says so', () => {
    const pair = (name: string, value: string) => `- name: ${name}\n  value: ${value}`;
    expect(found(pair(`DB_${'PASS'}WORD`, word))).toEqual([{ line: 2, what: 'the value of a secret' }]);
    expect(found(pair(`DB_${'PASS'}WORD`, '"$(DB_PASSWORD)"'))).toEqual([]);
    expect(found(pair('DB_HOST', word))).toEqual([]);
  });

  it('count only where they are added', () => {
    const text = `old: DB_${'PASS'}WORD=${word}\nnew: DB_${'PASS'}WORD=${word}`;
    expect(found(text, (line) => line.startsWith('new'))).toEqual([{ line: 2, what: 'the value of a secret' }]);
  });
});

describe('isSecretName', () => {
  it.each(['CARD_PIN', 'pin', 'WIFI_PSK', 'HASH_SALT', 'DB_PASSWORD', 'API_TOKEN'])('%s is called a secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(['SPIN', 'QPSK', 'BASALT', 'TOKEN_LIMIT'])('%s is not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
