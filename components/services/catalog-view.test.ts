import { describe, expect, it } from 'vitest';
import type { CatalogService } from './catalog-pack';
import {
  applyCatalogView,
  catalogQuery,
  catalogRow,
  chosenFacets,
  countAlone,
  emptyView,
  highlight,
  parseCatalogView,
  sortBy,
  takeTypedFacet,
  toggleFacet,
} from './catalog-view';

const service = (name: string, more: Partial<CatalogService> = {}) =>
  catalogRow({
    name,
    displayName: undefined,
    purpose: undefined,
    state: 'live',
    category: undefined,
    owner: undefined,
    lifecycle: 'production',
    stack: undefined,
    host: undefined,
    ports: [],
    requestId: undefined,
    underWay: undefined,
    ...more,
  });

const port = (from: number, to = from, protocol: 'tcp' | 'udp' = 'tcp') => ({ protocol, from, to });

const rows = [
  service('redis', { owner: 'data', stack: 'infrastructure', category: 'cache', ports: [port(6379)] }),
  service('livekit', {
    owner: 'realtime',
    stack: 'integrations',
    category: 'realtime',
    host: 'livekit.ravenhelm.test',
    purpose: 'Rooms for agents and people',
    ports: [port(7880), port(7881, 7892, 'udp')],
  }),
  service('livekit-egress', { state: 'pending', owner: 'realtime', stack: 'integrations', ports: [port(7893)] }),
  service('n8n', { owner: 'automation', stack: 'integrations', ports: [port(5678)] }),
];

const names = (search: string) => {
  const shown = applyCatalogView(rows, { ...emptyView, search }).rows;
  return shown.map((row) => row.service.name);
};

describe('the order', () => {
  it('puts pending services on top, then names', () => {
    expect(names('')).toEqual(['livekit-egress', 'livekit', 'n8n', 'redis']);
  });

  it('turns round when the same column is chosen again', () => {
    const once = sortBy(emptyView, 'name');
    const twice = sortBy(once, 'name');
    expect(applyCatalogView(rows, once).rows[0]?.service.name).toBe('livekit');
    expect(applyCatalogView(rows, twice).rows[0]?.service.name).toBe('redis');
  });

  it('sorts ports by number and keeps what has no value at the end both ways', () => {
    const withNone = [...rows, service('gitlab-runner')];
    const up = applyCatalogView(withNone, { ...emptyView, sort: 'ports' }).rows.map((row) => row.service.name);
    const down = applyCatalogView(withNone, { ...emptyView, sort: 'ports', descending: true }).rows;
    expect(up).toEqual(['n8n', 'redis', 'livekit', 'livekit-egress', 'gitlab-runner']);
    expect(down.map((row) => row.service.name)).toEqual(['livekit-egress', 'livekit', 'redis', 'n8n', 'gitlab-runner']);
  });
});

describe('the search', () => {
  it('finds every word somewhere, in whatever case', () => {
    expect(names('Rooms livekit')).toEqual(['livekit']);
    expect(names('livekit data')).toEqual([]);
  });

  it('finds ports by digits and by the range they lie in', () => {
    expect(names('78')).toEqual(['livekit-egress', 'livekit', 'n8n']);
    expect(names('7885')).toEqual(['livekit']);
  });
});

describe('facets', () => {
  it('count what the search and the other facets leave, and keep their own values choosable', () => {
    const view = toggleFacet({ ...emptyView, search: 'livekit' }, 'state', 'live');
    const facets = Object.fromEntries(applyCatalogView(rows, view).facets.map((facet) => [facet.key, facet.values]));
    expect(facets.state).toEqual([
      { value: 'live', count: 1, chosen: true },
      { value: 'pending', count: 1, chosen: false },
    ]);
    expect(facets.stack).toEqual([
      { value: 'integrations', count: 1, chosen: false },
      { value: 'infrastructure', count: 0, chosen: false },
    ]);
  });

  it('show a chosen value that no service has, so that it can be dropped', () => {
    const view = toggleFacet(emptyView, 'owner', 'nobody');
    const owner = applyCatalogView(rows, view).facets.find((facet) => facet.key === 'owner');
    expect(owner?.values).toContainEqual({ value: 'nobody', count: 0, chosen: true });
    expect(applyCatalogView(rows, view).rows).toEqual([]);
  });

  it('say what each condition alone would leave', () => {
    const view = { ...toggleFacet(emptyView, 'stack', 'integrations'), search: 'redis' };
    expect(countAlone(rows, { search: 'redis' }, view)).toBe(1);
    expect(countAlone(rows, { key: 'stack' }, view)).toBe(3);
  });

  it('are taken from what was typed once the catalog knows them', () => {
    const view = { ...emptyView, search: 'live stack:integrations' };
    const { facets } = applyCatalogView(rows, emptyView);
    const taken = takeTypedFacet(view, facets);
    expect(taken).toMatchObject({ search: 'live ', chosen: { stack: ['integrations'] } });
    expect(takeTypedFacet({ ...emptyView, search: 'stack:nothing 7880:tcp' }, facets)).toBeUndefined();
  });
});

describe('the URL', () => {
  it('says nothing for the first view and everything for another', () => {
    expect(catalogQuery(emptyView)).toBe('');
    const view = sortBy(toggleFacet(toggleFacet({ ...emptyView, search: ' 78 ' }, 'stack', 'a'), 'stack', 'b'), 'name');
    expect(catalogQuery(view)).toBe('q=78&stack=a&stack=b&sort=name');
  });

  it('gives the same view back', () => {
    const view = sortBy(sortBy(toggleFacet({ ...emptyView, search: 'a & b' }, 'owner', 'data/ops'), 'host'), 'host');
    expect(parseCatalogView(catalogQuery(view))).toEqual(view);
    expect(chosenFacets(view)).toEqual([{ key: 'owner', value: 'data/ops' }]);
  });

  it('leaves out what it does not know', () => {
    expect(parseCatalogView('sort=-nonsense&colour=red')).toEqual(emptyView);
  });
});

describe('highlight', () => {
  it('marks every hit and joins those that overlap', () => {
    expect(highlight('7878/udp', ['78', '87'])).toEqual([
      { text: '7878', hit: true },
      { text: '/udp', hit: false },
    ]);
    expect(highlight('LiveKit', ['kit'])).toEqual([
      { text: 'Live', hit: false },
      { text: 'Kit', hit: true },
    ]);
    expect(highlight('', ['x'])).toEqual([]);
  });
});
