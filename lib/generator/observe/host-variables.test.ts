import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { Profile } from '../profile';
import { variableAt } from './environment-files';
import { commonEnding, endingOf, hostLike, hostsMeant, rulesMeant, writtenHosts } from './host-variables';

const profile = Profile.parse({ platform: { name: 'home', domain: 'home.test' } });
const tree = treeOf({
  '.env.example': 'DOMAIN=example.com\nNAME="films" # quoted\n',
  'media/.env': "export DOMAIN='films.test'\n",
  'a/.env.sample': 'PORT=1\n',
  'b/.env.sample': 'PORT=2\n',
});

describe('variableAt', () => {
  it.each([
    ['media/deep/compose.yml', 'DOMAIN', { value: 'films.test', isExample: false }],
    ['games/compose.yml', 'DOMAIN', { value: 'example.com', isExample: true }],
    ['compose.yml', 'NAME', { value: 'films', isExample: true }],
    ['c/compose.yml', 'PORT', undefined],
    ['compose.yml', 'NOBODY', undefined],
  ])('reads for %s what %s is', (path, name, known) => {
    expect(variableAt(tree, path, name)).toEqual(known);
  });
});

describe('endingOf', () => {
  it.each([
    ['wiki.${DOMAIN}', '${DOMAIN}'],
    ['wiki.$DOMAIN', '$DOMAIN'],
    ['wiki.${DOMAIN:?say where.}', '${DOMAIN:?say where.}'],
    ['${NAME:-a.b}.lan.${DOMAIN}', 'lan.${DOMAIN}'],
    ['wiki.{{ env "DOMAIN" }}', '{{ env "DOMAIN" }}'],
    ['wiki.home.test', undefined],
    ['${WIKI_HOST}', undefined],
  ])('of %s is %s', (host, ending) => {
    expect(endingOf(host)).toBe(ending);
  });
});

describe('hostLike', () => {
  const like = (path: string, hosts: string[], host: string) =>
    hostLike(host, commonEnding(tree, path, hosts), profile);

  it.each([
    ['the value is the domain', 'media/c.yml', ['a.${DOMAIN}', 'b.${DOMAIN}'], 'x.films.test', 'x.${DOMAIN}'],
    [
      'hosts that are variables as a whole say nothing',
      'media/c.yml',
      ['${A}', 'b.$DOMAIN'],
      'x.films.test',
      'x.$DOMAIN',
    ],
    ['an example is as good as the platform', 'c.yml', ['a.${DOMAIN}'], 'x.home.test', 'x.${DOMAIN}'],
    ['nothing says the value', 'c.yml', ['a.${ZONE}'], 'x.home.test', 'x.${ZONE}'],
    ['the value is another domain', 'media/c.yml', ['a.${DOMAIN}'], 'x.home.test', 'x.home.test'],
    ['the host is elsewhere', 'c.yml', ['a.${ZONE}'], 'x.elsewhere.test', 'x.elsewhere.test'],
    ['the siblings differ', 'c.yml', ['a.${ZONE}', 'b.home.test'], 'x.home.test', 'x.home.test'],
    ['nobody is there', 'c.yml', [], 'x.home.test', 'x.home.test'],
  ])('%s', (_, path, hosts, host, written) => {
    expect(like(path, hosts, host)).toBe(written);
  });
});

describe('what is meant', () => {
  it.each([
    ['media/c.yml', 'A.${DOMAIN}', ['a.films.test']],
    ['c.yml', 'a.${DOMAIN}', ['a.example.com', 'a.home.test']],
    ['c.yml', 'a.${ZONE}', ['a.home.test']],
    ['c.yml', 'a.${ZONE:-zone.test}', ['a.zone.test', 'a.home.test']],
    ['c.yml', '${HOST}', ['${host}']],
    ['c.yml', 'a.home.test', ['a.home.test']],
  ])('by %s in %s', (path, host, meant) => {
    expect(hostsMeant(tree, path, host, profile)).toEqual(meant);
  });

  it('by a rule as a whole', () => {
    const rule = 'Host(`a.${DOMAIN}`, `b.home.test`) && PathPrefix(`/x`)';
    expect(writtenHosts(rule)).toEqual(['a.${DOMAIN}', 'b.home.test']);
    expect(rulesMeant(tree, 'c.yml', rule, profile)).toEqual([
      'Host(`a.example.com`, `b.home.test`) && PathPrefix(`/x`)',
      'Host(`a.home.test`, `b.home.test`) && PathPrefix(`/x`)',
    ]);
  });

  it('by a host that is a part of another one', () => {
    const rule = 'Host(`${ZONE}`) || Host(`a.${ZONE}`)';
    expect(rulesMeant(tree, 'c.yml', rule, profile)).toEqual(['Host(`${zone}`) || Host(`a.home.test`)']);
  });
});
