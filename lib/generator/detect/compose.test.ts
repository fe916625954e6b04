import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { detectCompose } from './compose';
import { Guesses } from './guess';

/** A Compose file with these services, each on an image of its own name. */
function compose(names: string, head = ''): string {
  const services = names.split(' ').map((name) => `  ${name}:\n    image: ${name}:1\n`);
  return `${head}services:\n${services.join('')}`;
}

const none = 'volumes:\n  data:\n';

/** Layouts of public platform repositories: what is in them, and where new services go. */
const layouts: Record<string, { files: Record<string, string>; expected: object }> = {
  'one file': {
    files: { 'docker-compose.yml': compose('web db') },
    expected: { root: 'docker-compose.yml', stacks: {} },
  },
  'one file, today’s name': {
    files: { 'compose.yaml': compose('web db'), 'docker-compose.yml': compose('old') },
    expected: { root: 'compose.yaml', stacks: {} },
  },
  'one file and what is laid over it': {
    files: {
      'docker-compose.yml': compose('web db'),
      'docker-compose.override.yml': compose('web'),
      'docker-compose.prod.yml': compose('web db'),
      'docker-compose.extra.yml': compose('web'),
      'docker-compose.ci.yml': compose('runner'),
    },
    expected: { root: 'docker-compose.yml', stacks: {} },
  },
  'variants alone': {
    files: { 'docker-compose.dev.yml': compose('web'), 'docker-compose.prod.yml': compose('web db') },
    expected: { root: 'docker-compose.prod.yml', stacks: {} },
  },
  'stacks that include a file for each service, in a folder by the machine’s name': {
    files: {
      'docker-compose-attic.yml': 'include:\n  - parts/$MACHINE/plex.yml\n  - parts/$MACHINE/news.yml\n',
      'docker-compose-cellar.yml': 'include:\n  - parts/$MACHINE/plex.yml\n  - parts/$MACHINE/dns.yml\n',
      'parts/attic/plex.yml': compose('plex'),
      'parts/attic/news.yml': compose('news news-db'),
      'parts/cellar/plex.yml': compose('plex'),
      'parts/cellar/dns.yml': compose('dns'),
    },
    expected: {
      stacks: { attic: 'docker-compose-attic.yml', cellar: 'docker-compose-cellar.yml' },
      pieces: {
        'docker-compose-attic.yml': 'parts/attic/{service}.yml',
        'docker-compose-cellar.yml': 'parts/cellar/{service}.yml',
      },
    },
  },
  'stacks that share a base, all of them in a wrapper, the proxy and a service apart, one file that repeats them': {
    files: {
      'docker-compose.yml': compose('db web tempo'),
      'docker-compose-modular.yml':
        'include:\n  - compose/docker-compose.data.yml\n  - compose/docker-compose.apps.yml\n',
      'compose/docker-compose.base.yml': none,
      'compose/docker-compose.data.yml': compose('db cache', 'include:\n  - docker-compose.base.yml\n'),
      'compose/docker-compose.apps.yml': compose('web tempo', 'include:\n  - docker-compose.base.yml\n'),
      'compose/docker-compose.control-plane.yml': compose('api'),
      'compose/docker-compose.everything.yml': compose('db web api'),
      'gateway/docker-compose.yml': compose('gateway'),
      'proxy/docker-compose.yml': compose('traefik'),
    },
    expected: {
      root: 'docker-compose.yml',
      base: 'compose/docker-compose.base.yml',
      stacks: {
        apps: 'compose/docker-compose.apps.yml',
        'control-plane': 'compose/docker-compose.control-plane.yml',
        data: 'compose/docker-compose.data.yml',
      },
    },
  },
  'several at the root': {
    files: { 'docker-compose-media.yml': compose('plex'), 'docker-compose-monitoring.yml': compose('grafana') },
    expected: {
      stacks: { media: 'docker-compose-media.yml', monitoring: 'docker-compose-monitoring.yml' },
    },
  },
  'a root and others beside it': {
    files: {
      'docker-compose.yml': compose('web'),
      'docker-compose.monitoring.yml': compose('grafana'),
      'docker-compose.media.yml': compose('plex'),
    },
    expected: {
      root: 'docker-compose.yml',
      stacks: { media: 'docker-compose.media.yml', monitoring: 'docker-compose.monitoring.yml' },
    },
  },
  'stacks in one folder with a base': {
    files: {
      'docker-compose.yml': compose('plex grafana'),
      'compose/docker-compose.base.yml': none,
      'compose/docker-compose.media.yml': compose('plex', 'include: [docker-compose.base.yml]\n'),
      'compose/docker-compose.monitoring.yml': compose('grafana', 'include: [docker-compose.base.yml]\n'),
      'proxy/docker-compose-traefik.yml': compose('traefik'),
    },
    expected: {
      root: 'docker-compose.yml',
      base: 'compose/docker-compose.base.yml',
      stacks: { media: 'compose/docker-compose.media.yml', monitoring: 'compose/docker-compose.monitoring.yml' },
    },
  },
  'stacks in folders': {
    files: {
      'stacks/media/compose.yml': compose('plex sonarr'),
      'stacks/monitoring/compose.yml': compose('grafana prometheus'),
      'stacks/media/compose.yml.bak': compose('plex'),
    },
    expected: { stacks: { media: 'stacks/media/compose.yml', monitoring: 'stacks/monitoring/compose.yml' } },
  },
  'a folder for each service': {
    files: {
      'services/plex/docker-compose.yml': compose('plex'),
      'services/grafana/docker-compose.yml': compose('grafana loki'),
      'services/n8n/docker-compose.yml': compose('n8n postgres'),
    },
    expected: {
      stacks: {
        plex: 'services/plex/docker-compose.yml',
        grafana: 'services/grafana/docker-compose.yml',
        n8n: 'services/n8n/docker-compose.yml',
      },
      perService: 'services/{service}/docker-compose.yml',
    },
  },
  'a folder for each service at the top': {
    files: {
      'plex/compose.yaml': compose('plex'),
      'grafana/compose.yaml': compose('grafana'),
      'n8n/compose.yaml': compose('n8n'),
      'templates/compose.yaml': compose('x'),
    },
    expected: { perService: '{service}/compose.yaml' },
  },
  'folders of two machines': {
    files: {
      'hosts/nas/plex/compose.yml': compose('plex'),
      'hosts/nas/traefik/compose.yml': compose('traefik'),
      'hosts/pi/traefik/compose.yml': compose('traefik'),
      'hosts/pi/dns/compose.yml': compose('adguard'),
    },
    expected: {
      stacks: {
        plex: 'hosts/nas/plex/compose.yml',
        'nas-traefik': 'hosts/nas/traefik/compose.yml',
        'pi-traefik': 'hosts/pi/traefik/compose.yml',
        dns: 'hosts/pi/dns/compose.yml',
      },
    },
  },
  'files that the root includes': {
    files: {
      'compose.yaml': 'include:\n  - apps/media.yml\n  - apps/monitoring.yml\nnetworks:\n  proxy:\n',
      'apps/media.yml': compose('plex'),
      'apps/monitoring.yml': compose('grafana'),
    },
    expected: { root: 'compose.yaml', stacks: {} },
  },
  'a file for each machine, pieces by variable': {
    files: {
      'docker-compose-nas.yml': 'include:\n  - pieces/$HOSTNAME/plex.yml\n  - pieces/${HOSTNAME}/dns.yml\n',
      'docker-compose-pi.yml': 'include:\n  - pieces/$HOSTNAME/dns.yml\n',
      'pieces/nas/plex.yml': compose('plex'),
      'pieces/nas/dns.yml': compose('dns'),
      'pieces/pi/dns.yml': compose('dns'),
      'pieces/pi/not-today.yml': compose('kodi'),
    },
    expected: { stacks: { nas: 'docker-compose-nas.yml', pi: 'docker-compose-pi.yml' } },
  },
  'a large root and folders for what is optional': {
    files: {
      'docker-compose.yml': compose('a b c d e'),
      'n8n/docker-compose.yml': compose('n8n'),
      'plex/docker-compose.yml': compose('plex'),
      'immich/docker-compose.yml': compose('immich'),
    },
    expected: { root: 'docker-compose.yml', stacks: { n8n: 'n8n/docker-compose.yml' } },
  },
  'stacks that are not called compose': {
    files: {
      'stacks/media.yml': compose('plex'),
      'stacks/monitoring-stack.yaml': compose('grafana'),
      'stacks/values.yaml': 'services:\n  a:\n    port: 1\n',
      '.github/workflows/ci.yml': compose('postgres'),
    },
    expected: { stacks: { media: 'stacks/media.yml', monitoring: 'stacks/monitoring-stack.yaml' } },
  },
  'stacks for Swarm in folders': {
    files: { 'media/stack.yml': compose('plex'), 'monitoring/stack.yml': compose('grafana') },
    expected: { stacks: { media: 'media/stack.yml', monitoring: 'monitoring/stack.yml' } },
  },
  'one file below': {
    files: { 'deploy/docker-compose.yml': compose('web db'), 'src/app.yml': 'a: 1\n' },
    expected: { root: 'deploy/docker-compose.yml', stacks: {} },
  },
  'one file below that is called otherwise': {
    files: { 'docker/services.yml': compose('web db') },
    expected: { root: 'docker/services.yml', stacks: {} },
  },
  'a root and what developers run': {
    files: {
      'docker-compose.yml':
        'services:\n  api:\n    build: ./services/api\n  ui:\n    build: {context: ./services/ui}\n',
      'services/api/docker-compose.yml': compose('api db'),
      'services/ui/docker-compose.yml': compose('ui'),
    },
    expected: { root: 'docker-compose.yml', stacks: {} },
  },
  'a root and one stack': {
    files: { 'docker-compose.yml': compose('web'), 'monitoring/docker-compose.yml': compose('grafana') },
    expected: { root: 'docker-compose.yml', stacks: {} },
  },
  'two that stand apart': {
    files: { 'infra/docker/docker-compose.yml': compose('web'), 'monitoring/docker-compose.yml': compose('grafana') },
    expected: {
      stacks: { docker: 'infra/docker/docker-compose.yml', monitoring: 'monitoring/docker-compose.yml' },
    },
  },
  'environments in folders': {
    files: { 'envs/staging/compose.yml': compose('web'), 'envs/live/compose.yml': compose('web') },
    expected: { stacks: { staging: 'envs/staging/compose.yml', live: 'envs/live/compose.yml' } },
  },
  'backups, examples and other people’s code': {
    files: {
      'docker-compose.yml': compose('web'),
      'backup/docker-compose.yml': compose('a'),
      'examples/one/docker-compose.yml': compose('a'),
      'examples/two/docker-compose.yml': compose('a'),
      'node_modules/x/docker-compose.yml': compose('a'),
      'node_modules/y/docker-compose.yml': compose('a'),
      'tests/fixtures/docker-compose.yml': compose('a'),
      'roles/web/templates/docker-compose.yml': compose('a'),
      'docker-compose.yml.old': compose('a'),
    },
    expected: { root: 'docker-compose.yml', stacks: {} },
  },
};

describe('detectCompose', () => {
  it.each(Object.entries(layouts))('%s', (_, { files, expected }) => {
    expect(detectCompose(treeOf(files), new Guesses()).compose).toMatchObject(expected);
  });

  it('has no file for each service where folders are called after what they group, or most is in the root', () => {
    for (const name of ['stacks in folders', 'a large root and folders for what is optional']) {
      const { files = {} } = layouts[name] ?? {};
      expect(detectCompose(treeOf(files), new Guesses()).compose).not.toHaveProperty('perService');
    }
  });

  it('knows nothing of a repository without Compose', () => {
    expect(detectCompose(treeOf({ 'a.yml': 'a: 1\n', 'docker-compose.yml': 'services: [' }), new Guesses())).toEqual({
      naming: {},
    });
  });

  it('reads how people start a service, and says from what', () => {
    const guesses = new Guesses();
    const files = {
      'docker-compose.yml': compose('web'),
      'README.md': 'docker compose --env-file .env -f docker-compose.yml up -d web\n',
      'start.sh': 'docker compose --env-file .env -f docker-compose.yml up -d\ndocker compose -f x.yml up\n',
    };
    expect(detectCompose(treeOf(files), guesses).compose).toHaveProperty(
      'startCommand',
      'docker compose --env-file .env -f {file} up -d {service}',
    );
    expect(guesses.inferences.find((one) => one.key === 'compose.startCommand')?.evidence).toContain('2 of 3');
  });

  it('takes no network for everybody’s that only a few join', () => {
    const files = { 'compose.yml': `${compose('a b c d')}  e:\n    image: e:1\n    networks: [lab]\n` };
    expect(detectCompose(treeOf(files), new Guesses()).compose).not.toHaveProperty('defaultNetwork');
  });
});
