/** How a service's code is set up and verified, by its toolchain; versions and package managers are read from its own files. */
import type { ManifestDelivery } from '@/lib/services/manifest-operations';
import type { Tree } from '../../types';
import type { ActionReference } from './actions';

/** Steps as lines of YAML at indent 0, and the commands that verify. */
export interface Toolchain {
  setUp: string[];
  commands: string[];
}

/** @param folder the service's folder in the repository. */
export function toolchainOf(delivery: ManifestDelivery, folder: string, tree: Tree, uses: ActionReference): Toolchain {
  const has = (name: string) => tree.paths.includes(`${folder}/${name}`);
  const chosen = { node, python, go, docker }[delivery.toolchain](folder, has, uses);
  return delivery.verify.length > 0 ? { ...chosen, commands: delivery.verify } : chosen;
}

type Read = (folder: string, has: (name: string) => boolean, uses: ActionReference) => Toolchain;

const node: Read = (folder, has, uses) => {
  const manager = has('pnpm-lock.yaml') ? 'pnpm' : has('yarn.lock') ? 'yarn' : 'npm';
  const lock = { pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock', npm: 'package-lock.json' }[manager];
  const version = ['.nvmrc', '.node-version'].find(has);
  return {
    setUp: [
      // Corepack has to be on before the cache of its package managers is looked for.
      ...(manager === 'npm' ? [] : ['- run: corepack enable']),
      `- uses: ${uses('actions/setup-node')}`,
      '  with:',
      version === undefined ? '    node-version: lts/*' : `    node-version-file: ${folder}/${version}`,
      ...(has(lock) ? [`    cache: ${manager}`, `    cache-dependency-path: ${folder}/${lock}`] : []),
    ],
    commands: {
      npm: [has(lock) ? 'npm ci' : 'npm install', 'npm run lint --if-present', 'npm test'],
      pnpm: ['pnpm install --frozen-lockfile', 'pnpm run --if-present lint', 'pnpm test'],
      yarn: ['yarn install --immutable', 'yarn test'],
    }[manager],
  };
};

const python: Read = (folder, has, uses) => {
  const requirements = ['requirements-dev.txt', 'requirements.txt'].filter(has);
  return {
    setUp: [
      `- uses: ${uses('actions/setup-python')}`,
      '  with:',
      has('.python-version') ? `    python-version-file: ${folder}/.python-version` : "    python-version: '3.12'",
    ],
    commands: [
      ...requirements.map((file) => `pip install -r ${file}`),
      ...(has('pyproject.toml') ? ['pip install .'] : []),
      'pip install ruff pytest',
      'ruff check .',
      // 5: there is no test yet, which is for the reviewer to mind and not for the first build to fail on.
      'pytest || [ "$?" -eq 5 ]',
    ],
  };
};

const go: Read = (folder, has, uses) => ({
  setUp: [
    `- uses: ${uses('actions/setup-go')}`,
    '  with:',
    has('go.mod') ? `    go-version-file: ${folder}/go.mod` : '    go-version: stable',
    ...(has('go.sum') ? [`    cache-dependency-path: ${folder}/go.sum`] : []),
  ],
  commands: ['go vet ./...', 'go test ./...', 'go build ./...'],
});

/** Nothing but its Dockerfile: that it builds is what can be said of it. */
const docker: Read = () => ({ setUp: [], commands: ['docker build --pull --tag verify:local .'] });
