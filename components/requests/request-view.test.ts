import { describe, expect, it } from 'vitest';
import { requestStates } from '@/lib/requests/states';
import { parseRequestView, requestFilters, requestsHref, statesOf } from './request-view';

describe('the URL', () => {
  it.each(requestFilters)('leads back to %s', (filter) => {
    const query = new URL(requestsHref(filter, 120), 'http://portal').searchParams;
    expect(parseRequestView(Object.fromEntries(query))).toEqual({ view: 'list', filter, cursor: 120 });
  });

  it('is bare for everything', () => {
    expect(requestsHref('all')).toBe('/requests');
  });

  it('leaves out what it does not know', () => {
    expect(parseRequestView({ filter: ['mine', 'done'], cursor: '-3', view: 'x' })).toEqual({
      view: 'list',
      filter: 'all',
      cursor: undefined,
    });
    expect(parseRequestView({ cursor: '99999999999' }).cursor).toBeUndefined();
    expect(parseRequestView({ view: 'review' }).view).toBe('review');
  });
});

it('puts every state under exactly one of waiting, failed and done', () => {
  const sorted = (['waiting', 'failed', 'done'] as const).flatMap((filter) => statesOf(filter) ?? []);
  expect([...sorted].sort()).toEqual([...requestStates].sort());
});
