import { describe, expect, it } from 'vitest';
import { detectProfile } from '../detect';
import { treeOf } from '../overlay';

const platformOf = (files: Record<string, string>) => {
  const { name, domain } = detectProfile(treeOf(files)).profile.platform;
  return { name, domain };
};

function routed(...hosts: string[]): string {
  const services = hosts.map(
    (host, index) =>
      `  s${index}:\n    image: a:1\n    labels:\n      - "traefik.http.routers.s${index}.rule=Host(\`${host}\`)"\n`,
  );
  return `services:\n${services.join('')}`;
}

describe('the platform’s domain and name', () => {
  it.each([
    ['hosts', { 'compose.yml': routed('a.acorn.test', 'b.acorn.test', 'c.d.oak.test') }, 'acorn.test'],
    [
      'a variable that an example of the environment sets',
      { 'compose.yml': routed('a.${DOMAIN}', 'b.$DOMAIN'), '.env.example': 'TZ=x\nDOMAIN=acorn.test # yours\n' },
      'acorn.test',
    ],
    ['a variable’s default', { 'compose.yml': routed('a.${DOMAIN:-acorn.test}') }, 'acorn.test'],
    [
      'labels of pieces that a stack includes',
      {
        'compose.yml': 'include:\n  - parts/a.yml\n',
        'parts/a.yml': routed('a.$Domain'),
        'default.env': 'Domain=acorn.test\n',
      },
      'acorn.test',
    ],
    ['a variable that nothing sets', { 'compose.yml': routed('a.${DOMAIN}'), '.env': 'DOMAIN=\n' }, 'localhost'],
    ['an Ingress', { 'k8s/a.yaml': 'kind: Ingress\nspec:\n  rules:\n    - host: a.acorn.test\n' }, 'acorn.test'],
    [
      'a route of the Gateway API',
      { 'k8s/a.yaml': 'kind: HTTPRoute\nspec:\n  hostnames:\n    - "a.acorn.test"\n' },
      'acorn.test',
    ],
    ['a Caddyfile', { Caddyfile: 'a.acorn.test {\n\treverse_proxy a:80\n}\n' }, 'acorn.test'],
  ])('are read from %s', (_, files, domain) => {
    expect(platformOf(files as Record<string, string>)).toMatchObject({
      domain,
      name: domain === 'localhost' ? 'platform' : 'acorn',
    });
  });

  it('are the title of the README where the domain is a placeholder, and not its sentences', () => {
    const compose = { 'compose.yml': routed('a.example.com') };
    expect(platformOf({ ...compose, 'README.md': '# \ud83c\udfe0 Acorn Lab\n' }).name).toBe('acorn-lab');
    expect(platformOf({ ...compose, 'README.md': '# Description\n' }).name).toBe('platform');
    expect(platformOf({ ...compose, 'README.md': '# [![CI](a.svg)](b) Acorn\n' }).name).toBe('platform');
  });
});
