/**
 * The oddities of the sample platform repository, each seen in a real one. The generator has to cope with them, so a test that fails here says
 * that somebody repaired the sample: put the oddity back.
 */
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { overlaps } from '@/lib/services/port-range';
import {
  base,
  compose,
  hostPorts,
  paths,
  portRange,
  proxyCompose,
  registry,
  runbookNumbers,
  stackNames,
  stackPath,
  text,
  traefik,
} from './platform-files';

describe('bytes as people left them', () => {
  it('has one stack with CRLF, one at indent 4, one without a final newline; the others are plain', () => {
    const styles = Object.fromEntries(
      stackNames.map((name) => {
        const content = text(stackPath(name));
        const crlf = content.includes('\r\n');
        if (crlf) expect(content.replaceAll('\r\n', ''), 'no stray LF').not.toContain('\n');
        const indent = /^services:\r?\n(?: *#.*\r?\n)*( +)\w/m.exec(content)?.[1]?.length;
        return [name, { crlf, indent, finalNewline: content.endsWith('\n') }];
      }),
    );
    const plain = { crlf: false, indent: 2, finalNewline: true };
    expect(styles).toEqual({
      'ai-infra': { ...plain, finalNewline: false },
      events: { ...plain, crlf: true },
      gitlab: { ...plain, indent: 4 },
      infrastructure: plain,
      integrations: plain,
      langgraph: plain,
      observability: plain,
      security: plain,
    });
    expect(text('.gitattributes')).toMatch(/^\* -text$/m);
  });

  it('has trailing spaces, letters beyond ASCII and lists without indent', () => {
    expect(text('docker-compose.yml')).toMatch(/\S +\n/);
    expect(text('ravenhelm-proxy/dynamic.yml')).toMatch(/: \n/);
    expect(text(stackPath('langgraph'))).toContain('Hliðskjálf');
    expect(text('config/port_registry.yaml')).toContain('Hliðskjálf');
    expect(text('charts/platform-values.yaml')).toMatch(/\n {4}ports:\n {4}- name/);
    expect(text('config/prometheus/prometheus.yml')).toMatch(/\nscrape_configs:\n(#.*\n)*- job_name/);
  });

  it('has a root compose file with more than a hundred aliases, lists of merges among them', () => {
    const content = text('docker-compose.yml');
    expect(content.match(/(?<=[\s[])\*[a-z][a-z0-9-]*/g)?.length).toBeGreaterThan(100);
    expect(content).toContain('<<: [*localstack-env, *otel-env]');
  });

  it('has every way of writing a port, an environment and a comment', () => {
    const content = text('docker-compose.yml');
    const seen = [
      /^ {2}# pgbouncer:$/m, // a whole service, commented out
      /^ {2}# --- .* -+$/m,
      /^ {6}# - "6222:6222"/m, // a comment inside a list
      /- "4222:4222" +# clients/,
      /- "7882-7892:7882-7892\/udp"/,
      /- "127\.0\.0\.1:6379:6379"/,
      /- "\$\{HF_EMBEDDINGS_PORT:-8092\}:80"/,
      /- 8178:8080/,
      /published: "8085"/,
      /environment:\n {6}- /,
      /environment:\n {6}[A-Z_]+: /,
      /labels:\n {6}- /,
      /labels:\n {6}ravenhelm/,
      /networks: \[platform_net, m2c_net\]/,
      /ipv4_address: 172\.28\.0\.10/,
      /profiles: \["rerank"\]/,
      /type: bind/,
      /^ {2}loki_data: +# /m,
    ];
    for (const pattern of seen) expect(content).toMatch(pattern);
  });
});

describe('faults that nobody may repair', () => {
  it('registers 3001 twice, with a note that says so', () => {
    const entries = registry().ports.filter((entry) => entry.port === 3001);
    expect(entries.map((entry) => entry.service)).toEqual(['langfuse', 'm2c-ui']);
    expect(entries[1]?.note).toContain('CONFLICT');
    const all = registry().ports.map((entry) => ({ service: entry.service, range: portRange(entry.port) }));
    const clashes = all.flatMap((one, index) =>
      all
        .slice(index + 1)
        .flatMap((other) => (overlaps(one.range, other.range) ? [`${one.service} ${other.service}`] : [])),
    );
    expect(clashes).toEqual(['langfuse m2c-ui']);
  });

  it('has a port outside every range, and shared services inside the range of work projects', () => {
    const { ranges, ports } = registry();
    const within = (port: number) =>
      Object.entries(ranges).flatMap(([name, range]) => (port >= range.start && port <= range.end ? [name] : []));
    expect(ports.find((entry) => entry.service === 'phoenix')?.port).toBe(6006);
    expect(within(6006)).toEqual([]);
    expect(ports.find((entry) => entry.service === 'openbao')?.port).toBe(8200);
    expect(within(8200)).toEqual(['work_api']);
    expect(within(8222)).toEqual(['work_api']);
  });

  it('hints at a port that is taken', () => {
    const hint = registry().next_available.work_api;
    expect(registry().ports.find((entry) => entry.port === hint)?.service).toBe('m2c-reports');
  });

  it('has two groups that claim crm.ravenhelm.test', () => {
    const { platform, shared, agents, personal, work } = registry();
    const claims = Object.entries({ platform, shared, agents, personal, work }).flatMap(([group, entries]) =>
      Object.values(entries).flatMap((entry) =>
        [entry.domain, ...entry.domain_aliases].map((domain) => ({ group, domain })),
      ),
    );
    expect(claims.filter((claim) => claim.domain === 'crm.ravenhelm.test').map((claim) => claim.group)).toEqual([
      'personal',
      'work',
    ]);
  });

  it('mixes both shapes of an entry and ends its list under the banner of one project', () => {
    const { ports } = registry();
    expect(ports.filter((entry) => 'category' in entry && 'internal_port' in entry).length).toBeGreaterThanOrEqual(10);
    expect(ports.filter((entry) => 'protocol' in entry && 'description' in entry).length).toBeGreaterThanOrEqual(30);
    const list = text('config/port_registry.yaml').split('\nports:\n')[1]?.split('\nplatform:\n')[0] ?? '';
    expect(list.match(/# PROJECT: \w+/g)?.at(-1)).toBe('# PROJECT: M2C');
  });

  it('has livekit on 7880 and 7881-7892, alone in its pool but for livekit-sip', () => {
    const { ranges, ports, shared } = registry();
    expect(ranges.realtime).toMatchObject({ start: 7880, end: 7919 });
    const taken = ports.filter((entry) => overlaps(portRange(entry.port), { from: 7880, to: 7919 }));
    expect(taken.map((entry) => `${entry.service} ${entry.port}`)).toEqual([
      'livekit 7880',
      'livekit 7881-7892',
      'livekit-sip 7905',
      'livekit-sip 7906',
    ]);
    expect(shared.livekit?.rtc_ports).toBe('7881-7892');
  });

  it('publishes ports that no registry lists, the edge proxy for one', () => {
    const listed = registry().ports.map((entry) => portRange(entry.port));
    const unlisted = [proxyCompose, ...stackNames.map(stackPath)].flatMap((path) =>
      Object.values(compose(path).services).flatMap((service) =>
        hostPorts(service).filter((port) => !listed.some((one) => overlaps(one, port))),
      ),
    );
    expect(unlisted.map((port) => port.from)).toEqual([80, 443, 8088, 6274, 6277]);
  });

  it('defines the same services in the root file and in the stacks, with versions that drifted apart', () => {
    const all = compose('docker-compose.yml').services;
    const inStacks = stackNames.flatMap((name) => Object.entries(compose(stackPath(name)).services));
    for (const [name, service] of inStacks) {
      expect(Object.keys(all), name).toContain(name);
      expect(all[name]?.container_name, name).toBe(service.container_name);
    }
    const livekit = compose(stackPath('integrations')).services.livekit;
    expect([all.livekit?.image, livekit?.image]).toEqual([
      'livekit/livekit-server:v1.9.1',
      'livekit/livekit-server:v1.9.3',
    ]);
  });

  it('publishes one host port twice in the root file', () => {
    const seen = new Map<number, string[]>();
    for (const [name, service] of Object.entries(compose('docker-compose.yml').services))
      for (const port of hostPorts(service)) seen.set(port.from, [...(seen.get(port.from) ?? []), name]);
    const twice = [...seen].filter(([, names]) => names.length > 1);
    expect(twice).toEqual([[8090, ['redpanda-console', 'tinycrm']]]);
  });

  it('labels the project differently from file to file', () => {
    const projects = stackNames.map((name) => /ravenhelm\.project[:=] ?"?([\w-]+)/.exec(text(stackPath(name)))?.[1]);
    expect(projects).toEqual([
      'ai-infra',
      'ravenhelm',
      'gitlab-sre',
      'gitlab-sre',
      'gitlab-sre',
      'hlidskjalf',
      'observability',
      'ravenhelm-security',
    ]);
  });

  it('has irregular names around mcp-server-gitlab, and SPIRE knows the helper by its own label', () => {
    const { services, volumes } = compose(stackPath('integrations'));
    expect(services['mcp-server-gitlab']?.container_name).toBe('gitlab-sre-mcp-gitlab');
    expect(services['mcp-server-gitlab']?.volumes[0]).toBe('mcp_gitlab_certs:/run/spire/certs:ro');
    expect(services['mcp-gitlab-spiffe-helper']?.volumes[0]).toContain(
      '../config/spiffe-helper/mcp-gitlab-helper.conf:',
    );
    expect(services['mcp-gitlab-spiffe-helper']?.depends_on).toBeUndefined();
    expect(Object.keys(volumes)).toContain('mcp_gitlab_certs');
    expect(text('spire/init-spire.sh')).toContain('docker:label:ravenhelm.workload:mcp-gitlab-spiffe-helper|');
    expect(compose(stackPath('security')).services['spire-agent']).toBeDefined();
    expect(compose(base).volumes.spire_agent_socket).toEqual({
      external: true,
      name: 'gitlab-sre-security_spire_agent_socket',
    });
  });

  it('has staging twins with real certificates', () => {
    const twins = Object.values(traefik().routers).filter((router) => router.rule.includes('.ravenhelm.dev`'));
    expect(twins.length).toBeGreaterThanOrEqual(5);
    for (const twin of twins) expect(twin.tls).toEqual({ certResolver: 'letsencrypt' });
  });

  it('has one compose file that nothing may edit: a key stands there twice', () => {
    const [error] = parseDocument(text('compose/docker-compose.legacy.yml')).errors;
    expect(error?.code).toBe('DUPLICATE_KEY');
    expect(text('slipway.yaml')).not.toContain('legacy');
  });

  it('has a template, a backup and an example beside the real files', () => {
    expect(parseDocument(text('ravenhelm-proxy/dynamic.yml.tmpl')).errors.length).toBeGreaterThan(0);
    expect(parse(text('ravenhelm-proxy/dynamic.yml.example'))).toHaveProperty('http.routers.livekit-egress');
    expect(parse(text('docker-compose.yml.bak'), { merge: true })).toHaveProperty('services.jitsi.ports', ['7893:80']);
  });

  it('overwrites secrets at every start of LocalStack and ends with an echo', () => {
    const script = text('localstack/init/init-aws.sh');
    expect(script).toContain('put-secret-value');
    expect(script.match(/^create_secret "/gm)?.length).toBeGreaterThanOrEqual(15);
    expect(script.trimEnd().split('\n').at(-1)).toMatch(/^echo /);
  });
});

describe('runbooks and their catalog', () => {
  it('has gaps, duplicates, files without a number, and few with front matter', () => {
    const numbers = runbookNumbers();
    expect(numbers.filter((number) => number === 10)).toHaveLength(2);
    expect(numbers.filter((number) => number === 26)).toHaveLength(4);
    for (const gap of [12, 15, 23, 27, 29]) expect(numbers).not.toContain(gap);
    const files = paths.filter((path) => path.startsWith('docs/runbooks/'));
    expect(files.length - numbers.length).toBe(3);
    expect(files.filter((path) => text(path).startsWith('---\n'))).toHaveLength(3);
  });

  it('starts each numbered runbook with its number and title', () => {
    for (const path of paths.filter((one) => one.startsWith('docs/runbooks/RUNBOOK-0'))) {
      const number = /RUNBOOK-(\d{3})/.exec(path)?.[1] ?? '';
      const body = text(path).replace(/^---\n[\s\S]*?\n---\n/, '');
      expect(body.split('\n')[0], path).toMatch(new RegExp(`^# RUNBOOK-${number}: \\S`));
    }
  });

  it('makes 035 the next free number: the files end at 033, the catalog claims 034', () => {
    expect(Math.max(...runbookNumbers())).toBe(33);
    const claimed = [...text('docs/wiki/Runbook_Catalog.md').matchAll(/RUNBOOK-(\d{3})/g)].map((match) =>
      Number(match[1]),
    );
    expect(Math.max(...claimed)).toBe(34);
  });

  it('links from the root of the repository, and one row points to a file with another number', () => {
    const rows = [
      ...text('docs/wiki/Runbook_Catalog.md').matchAll(
        /\[RUNBOOK-(\d{3}): [^\]]+\]\((docs\/runbooks\/RUNBOOK-(\d{3})-[^)]+)\)/g,
      ),
    ];
    expect(rows.length).toBeGreaterThanOrEqual(25);
    expect(rows.filter((row) => row[1] !== row[3]).map((row) => [row[1], row[3]])).toEqual([['027', '026']]);
    for (const page of paths.filter((path) => path.startsWith('docs/wiki/') && !path.endsWith('_Sidebar.md')))
      for (const [, target] of text(page).matchAll(/\]\(([^)#]+)\)/g)) expect(paths, page).toContain(target);
  });
});
