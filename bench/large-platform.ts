/** The sample repository with its three large files as long as wanted: a root Compose file, Traefik's routes, the port registry. */
import { fileURLToPath } from 'node:url';
import { readCheckout } from '../cli/read-checkout';
import { loadProfile } from '../lib/generator/load-profile';
import { overlay } from '../lib/generator/overlay';
import type { Profile } from '../lib/generator/profile';
import type { Tree } from '../lib/generator/types';

const paths = {
  compose: 'docker-compose.yml',
  traefik: 'ravenhelm-proxy/dynamic.yml',
  registry: 'config/port_registry.yaml',
} as const;

/** Lines of the files that one `scale` stands for: what a platform of some sixty services has. */
const LINES = { compose: 1500, traefik: 900, registry: 500 } as const;

export interface LargePlatform {
  tree: Tree;
  profile: Profile;
  lines: Record<keyof typeof LINES, number>;
}

/**
 * @param scale 1 for the usual length, 10 for ten times as long.
 * @throws where the sample cannot be read.
 */
export function largePlatform(scale: number): LargePlatform {
  const sample = readCheckout(fileURLToPath(new URL('../local/platform', import.meta.url)), (message) => {
    throw new Error(message);
  });
  const loaded = loadProfile(sample);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  const { compose } = loaded.profile;
  if (!compose) throw new Error('The sample has no Compose files.');
  const read = (path: string) => sample.read(path) ?? '';
  const files = {
    compose: grow(read(paths.compose), LINES.compose * scale, /^volumes:/m, composeService),
    traefik: grow(
      grow(read(paths.traefik), LINES.traefik * scale * 0.6, /^ {2}services:/m, router),
      LINES.traefik * scale,
      /^ {2}middlewares:/m,
      backend,
    ),
    registry: grow(read(paths.registry), LINES.registry * scale, /^platform:/m, entry),
  };
  const tree = overlay(
    sample,
    new Map(Object.entries(files).map(([key, text]) => [paths[key as keyof typeof paths], text])),
  );
  return {
    tree,
    // The root file alone, as where nobody has cut it into stacks.
    profile: { ...loaded.profile, compose: { ...compose, stacks: {}, base: undefined, defaultStack: undefined } },
    lines: {
      compose: files.compose.split('\n').length,
      traefik: files.traefik.split('\n').length,
      registry: files.registry.split('\n').length,
    },
  };
}

/** Puts made-up entries in front of the line that `end` finds, until the text has so many lines. */
function grow(text: string, lines: number, end: RegExp, make: (index: number) => string): string {
  const missing = lines - text.split('\n').length;
  if (missing <= 0) return text;
  const at = text.search(end);
  if (at < 0) throw new Error(`The sample has no ${String(end)}.`);
  const perEntry = make(0).split('\n').length - 1;
  const added = Array.from({ length: Math.ceil(missing / perEntry) }, (_, index) => make(index)).join('');
  return `${text.slice(0, at)}${added}${text.slice(at)}`;
}

const composeService = (index: number) => `  grown-${index}:
    image: example/grown:1.${index}
    container_name: gitlab-sre-grown-${index}
    restart: unless-stopped
    labels:
      ravenhelm.project: gitlab-sre
      ravenhelm.service: grown-${index}
      ravenhelm.workload: grown
    environment:
      LOG_LEVEL: info
      GROWN_SECRET_NAME: ravenhelm/grown-${index}
    ports:
      - "${30_000 + index}:8080"
    healthcheck:
      test: ["CMD-SHELL", "wget -qO- http://127.0.0.1:8080/healthz || exit 1"]
      interval: 30s
      timeout: 5s
      retries: 3
    networks:
      - platform_net

`;

const router = (index: number) => `    grown-${index}:
      rule: "Host(\`grown-${index}.ravenhelm.test\`)"
      service: grown-${index}-svc
      middlewares:
        - protected
      tls: {}

`;

const backend = (index: number) => `    grown-${index}-svc:
      loadBalancer:
        servers:
          - url: "http://host.docker.internal:${30_000 + index}"

`;

const entry = (index: number) => `  - port: ${30_000 + index}
    service: grown-${index}
    protocol: tcp
    description: Grown ${index}

`;
