// Who may import whom (docs/architecture.md), as settings and policies for eslint-plugin-boundaries. Every file belongs to
// one layer; what no line below allows is an error. eslint.config.mjs applies it, scripts/lint-rules.test.ts proves it.

const DOMAINS = ['services', 'ports', 'requests', 'runbooks', 'tracker', 'wizard', 'audit'];

/** Layer by layer which files belong to it. The first that matches counts, so the particular stands before the general. */
const LAYERS = [
  ['test', ['**/*.test.{ts,tsx}', '**/test-*.ts', '**/test-support/**', '**/golden-cases.ts']],
  // Words that everyone shares: schemas and types without any behaviour of their own.
  [
    'contract',
    [
      'lib/services/manifest*.ts',
      'lib/services/port-range.ts',
      'lib/reason.ts',
      'lib/generator/types.ts',
      'lib/generator/profile.ts',
      'lib/generator/profile/**',
    ],
  ],
  // What pages and the API are told by a domain: types, and the pure rules over them.
  ['views', ['lib/*/views.ts', 'lib/requests/states.ts', 'lib/requests/removal-key.ts', 'lib/wizard/preview.ts']],
  [
    'steps',
    [
      'lib/wizard/steps/**',
      'lib/wizard/index.ts',
      'lib/wizard/draft-form.ts',
      'lib/wizard/patch.ts',
      'lib/wizard/merge.ts',
      'lib/wizard/shared-draft.ts',
    ],
  ],
  ['db', ['lib/db.ts', 'lib/generated/**']],
  ['foundation', ['lib/*.ts', 'lib/queue/**', 'lib/http/**', 'lib/auth/**']],
  ...DOMAINS.map((name) => [`domain-${name}`, [`lib/${name}/**`]]),
  ['generator', ['lib/generator/**']],
  ['adapters', ['lib/adapters/**']],
  ['workflows', ['lib/workflows/**']],
  ['jobs', ['lib/jobs/**']],
  ['actions', ['app/**/actions.ts']],
  ['app', ['app/**', 'proxy.ts', 'instrumentation.ts', 'instrumentation-client.ts']],
  ['components', ['components/**']],
  ['cli', ['cli/**']],
  ['local', ['local/**', 'prisma/**', 'scripts/**', 'e2e/**', 'bench/**', '*.config.*']],
];

const domains = DOMAINS.map((name) => `domain-${name}`);
const words = ['contract', 'views', 'steps'];
const foundation = ['foundation', 'db', ...words];

/** For each layer, the layers whose values it may use. Its own files and the contracts' types are always allowed. */
const MAY_USE = {
  contract: ['contract'],
  views: ['views', 'contract'],
  steps: ['steps', 'views', 'contract'],
  db: ['db', 'foundation'],
  foundation,
  ...Object.fromEntries(domains.map((name) => [name, [name, ...foundation]])),
  generator: ['generator', 'contract'],
  adapters: ['adapters', ...foundation],
  workflows: ['workflows', 'adapters', 'generator', ...domains, ...foundation],
  jobs: ['jobs', 'workflows', ...domains, ...foundation],
  actions: ['actions', 'app', 'components', 'workflows', ...domains, 'foundation', ...words],
  app: ['app', 'actions', 'components', 'workflows', ...domains, 'foundation', ...words],
  components: ['components', 'actions', ...words],
  cli: ['cli', 'generator', 'workflows', ...domains, ...foundation],
  local: ['local', 'cli', 'jobs', 'workflows', 'adapters', 'generator', ...domains, ...foundation],
};

/** Types vanish when the code is built: what these layers may name without using it. */
const MAY_NAME = {
  views: ['foundation', 'generator'],
  steps: ['foundation', 'generator'],
  components: ['generator', 'workflows', 'foundation', ...domains],
  app: ['generator'],
  actions: ['generator'],
  ...Object.fromEntries(domains.map((name) => [name, ['generator']])),
};

export const message =
  'A file in "{{ from.file.categories.[0] }}" may not import from "{{ to.file.categories.[0] }}" ({{ dependency.kind }}). ' +
  'See "Who may import whom" in docs/architecture.md.';

export const settings = {
  'boundaries/include': ['{app,components,lib,cli,local,prisma,scripts,e2e,bench}/**/*', '*.{ts,js,mjs}'],
  'boundaries/files': LAYERS.flatMap(([category, patterns]) =>
    patterns.map((pattern) => ({ category, pattern, exclusive: true })),
  ),
};

export const policies = [
  { allow: { to: { module: { origin: ['external', 'core'] } } } },
  ...Object.entries(MAY_USE).map(([from, to]) => allow(from, to)),
  ...Object.entries(MAY_NAME).map(([from, to]) => allow(from, to, 'type')),
];

function allow(from, to, kind) {
  return {
    from: { file: { categories: from } },
    allow: { to: { file: { categories: to } }, ...(kind ? { dependency: { kind } } : {}) },
  };
}
