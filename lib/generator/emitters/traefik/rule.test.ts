import { describe, expect, it } from 'vitest';
import { readMatchers, readRule } from '../../observe/traefik-rule';
import type { TraefikRouter } from '../../observe/traefik-file';
import { choosePriority, shadowedBy, shadowing } from './rule';

function router(name: string, rule: string, priority?: number): TraefikRouter {
  return {
    name,
    path: 'dynamic.yml',
    line: 1,
    rule,
    targets: readRule(rule),
    matchers: readMatchers(rule),
    middlewares: [],
    entryPoints: [],
    ...(priority === undefined ? {} : { priority }),
  };
}

/** The priority of a new router for a.test (or below a path of it) beside another one. */
function beside(rule: string, priority?: number, path?: string) {
  const own = path === undefined ? 'Host(`a.test`)' : `Host(\`a.test\`) && PathPrefix(\`${path}\`)`;
  const target = path === undefined ? { host: 'a.test' } : { host: 'a.test', path };
  return choosePriority(own, [target], [router('other', rule, priority)]);
}

describe('choosePriority', () => {
  it.each<[string, Parameters<typeof beside>, object]>([
    ['another host', ['Host(`b.test`)', 500], { kind: 'default' }],
    ['a pattern for every host', ['HostRegexp(`^.+$`)', 500], { kind: 'set', priority: 501 }],
    ['the same, for one method alone', ['HostRegexp(`^.+$`) && Method(`POST`)', 500], { kind: 'default' }],
    ['every host but another', ['!Host(`b.test`)', 500], { kind: 'default' }],
    ['a path of every host, tried first', ['PathPrefix(`/x`)', 500], { kind: 'default' }],
    ['a path of every host, tried last', ['PathPrefix(`/x`)', 10], { kind: 'set', priority: 9 }],
    ['the host, for a path of it', ['Host(`a.test`)', 500, '/x'], { kind: 'set', priority: 501 }],
    ['a shorter path', ['Host(`a.test`) && PathPrefix(`/x`)', 500, '/x/y'], { kind: 'set', priority: 501 }],
    ['exactly a shorter path', ['Host(`a.test`) && Path(`/x`)', 500, '/x/y'], { kind: 'default' }],
    ['exactly a longer path', ['Host(`a.test`) && Path(`/x/y`)', 5, '/x'], { kind: 'set', priority: 4 }],
    ['one of several hosts', ['Host(`b.test`) || Host(`a.test`)', 500, '/x'], { kind: 'set', priority: 501 }],
    ['a pattern that JavaScript cannot read', ['HostRegexp(`(?P<x>`)', 500], { kind: 'default' }],
  ])('beside %s', (_, other, expected) => {
    expect(beside(...other)).toEqual(expected);
  });

  it('says where no number will do', () => {
    const others = [router('above', 'HostRegexp(`^.+$`)', 50), router('below', 'Host(`a.test`) && Path(`/x`)', 50)];
    expect(choosePriority('Host(`a.test`)', [{ host: 'a.test' }], others)).toMatchObject({
      kind: 'impossible',
      above: { name: 'above' },
      below: { name: 'below' },
    });
  });
});

describe('shadows', () => {
  it('fall on the longer path, whoever is tried first', () => {
    const whole = router('whole', 'Host(`a.test`)', 10);
    const part = router('part', 'Host(`a.test`) && PathPrefix(`/x`)', 10);
    expect(shadowedBy(part, [whole])?.name).toBe('whole');
    expect(shadowing(whole, [part])?.name).toBe('part');
    expect(shadowedBy({ ...part, priority: 11 }, [whole])).toBeUndefined();
    expect(shadowing(whole, [{ ...part, priority: 11 }])).toBeUndefined();
  });
});
