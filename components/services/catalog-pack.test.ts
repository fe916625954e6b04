import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ServiceSummary } from '@/lib/services/views';
import { packServices, unpackServices } from './catalog-pack';

const text = fc.option(
  fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => !/[\t\n\r]/.test(value)),
  {
    nil: undefined,
  },
);
const port = fc
  .record({
    name: fc.constant(undefined),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    from: fc.integer({ min: 1, max: 60000 }),
    size: fc.integer({ min: 0, max: 99 }),
  })
  .map(({ size, ...rest }) => ({ ...rest, to: rest.from + size }));
const service: fc.Arbitrary<ServiceSummary> = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  displayName: text,
  purpose: text,
  state: fc.constantFrom('live' as const, 'pending' as const),
  category: text,
  owner: text,
  lifecycle: text,
  stack: text,
  host: text,
  ports: fc.array(port, { maxLength: 4 }),
  request: fc.option(fc.record({ id: fc.integer({ min: 1 }), state: fc.constant('in_review' as const) }), {
    nil: undefined,
  }),
  underWay: fc.option(
    fc.record({
      id: fc.integer({ min: 1 }),
      action: fc.constantFrom('add' as const, 'change' as const, 'remove' as const),
      title: fc.constant('Change it'),
    }),
    { nil: undefined },
  ),
  updatedAt: fc.constant('2026-11-20T10:00:00.000Z'),
});

it('gives back what was packed', () => {
  fc.assert(
    fc.property(fc.array(service, { maxLength: 5 }), (services) => {
      expect(unpackServices(packServices(services))).toEqual(
        services.map(({ updatedAt: _, request, ports, underWay, ...rest }) => ({
          ...rest,
          ports: ports.map(({ name: __, ...range }) => range),
          requestId: request?.id,
          underWay: underWay && underWay.action !== 'add' ? { action: underWay.action, id: underWay.id } : undefined,
        })),
      );
    }),
  );
});

it('keeps its lines whole when a value has tabs and line ends in it', () => {
  const odd: ServiceSummary = {
    name: 'odd',
    displayName: undefined,
    purpose: 'two\nlines\tand a tab',
    state: 'live',
    category: undefined,
    owner: 'data',
    lifecycle: undefined,
    stack: undefined,
    host: undefined,
    ports: [],
    request: undefined,
    underWay: undefined,
    updatedAt: '',
  };
  expect(unpackServices(packServices([odd, odd]))).toHaveLength(2);
  expect(unpackServices(packServices([odd]))[0]).toMatchObject({ purpose: 'two lines and a tab', owner: 'data' });
});
