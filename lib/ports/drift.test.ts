import { describe, expect, test } from 'vitest';
import { findDrift, findUnpublished, type LiveReservation, type ObservedPort } from './drift';

const seen = (service: string, from: number, fields: Partial<ObservedPort> = {}): ObservedPort => ({
  ...{ service, source: 'compose', protocol: 'tcp', range: { from, to: from }, path: 'compose.yml', line: 7 },
  ...fields,
});
const has = (service: string, from: number, fields: Partial<LiveReservation> = {}): LiveReservation => ({
  ...{ id: `id of ${service}`, service, protocol: 'tcp', range: { from, to: from }, state: 'active' },
  ...{ requestId: 12, reservedBy: undefined },
  ...fields,
});
const drift = (observations: ObservedPort[], reservations: LiveReservation[], liveServices: string[] = []) =>
  findDrift({
    ...{ observations, reservations, liveServices, registry: 'ports.yaml' },
    isOwn: (name, service) => name.replaceAll('_', '-') === service,
  });

describe('between main and the reservations', () => {
  test('nothing where they say the same, in whatever spelling and on whichever protocol the registry means', () => {
    const observations = [seen('live_kit', 7880), seen('live-kit', 7881, { source: 'registry' })];
    const reservations = [has('live-kit', 7880), has('live-kit', 7881, { protocol: 'udp' })];
    expect(drift(observations, reservations)).toEqual([]);
  });

  test('what is active and nowhere in main any more is released; what is only promised is not looked for', () => {
    const reservations = [has('gone', 7880), has('coming', 7881, { state: 'reserved' })];
    expect(drift([seen('other', 9000)], reservations)).toMatchObject([
      { kind: 'active-but-gone', path: 'ports.yaml', remedy: { kind: 'release', reservationId: 'id of gone' } },
    ]);
  });

  test.each([
    ['by hand', { requestId: undefined, reservedBy: 'Olga', state: 'reserved' }, { kind: 'release' }],
    ['of an open request', { state: 'held' }, { kind: 'request', requestId: 12 }],
  ] as const)('main gives a port to another than has it %s', (_name, fields, remedy) => {
    const reservation = has('mine', 7878, { ...fields, range: { from: 7878, to: 7882 } });
    const found = drift([seen('theirs', 7880), seen('theirs', 7880, { source: 'registry' })], [reservation]);
    expect(found).toMatchObject([{ kind: 'contradicts-reservation', path: 'compose.yml', line: 7, remedy }]);
    expect(found[0]?.message).toMatch(/^Main gives 7880 to theirs, but here mine has 7878-7882/);
  });

  test('two that both stand in main are mended there', () => {
    const observations = [seen('mine', 7880), seen('theirs', 7880)];
    expect(drift(observations, [has('mine', 7880)])).toMatchObject([{ remedy: { kind: 'edit' } }]);
  });

  test('another protocol is another port', () => {
    expect(drift([seen('theirs', 7880, { protocol: 'udp' }), seen('mine', 7880)], [has('mine', 7880)])).toEqual([]);
  });

  test('what main publishes of a live service and nobody has is reserved, and only what is missing', () => {
    const observations = [
      seen('mine', 7880, { range: { from: 7880, to: 7884 } }),
      seen('mine', 7890, { source: 'traefik' }),
      seen('old', 9000),
    ];
    const found = drift(observations, [has('mine', 7880, { range: { from: 7880, to: 7882 } })], ['mine']);
    expect(found).toMatchObject([
      {
        kind: 'unreserved-port',
        remedy: { kind: 'reserve', service: 'mine', protocol: 'tcp', range: { from: 7883, to: 7884 } },
      },
    ]);
  });

  test('lines are no part of what a finding is about', () => {
    const [first] = drift([seen('theirs', 7880, { line: 3 })], [has('mine', 7880, { state: 'held' })]);
    const [second] = drift([seen('theirs', 7880, { line: 90 })], [has('mine', 7880, { state: 'held' })]);
    expect(first?.subject).toBe(second?.subject);
    expect(second?.line).toBe(90);
  });
});

describe('registered and not published', () => {
  const registered = seen('planned', 8100, { source: 'registry', path: 'ports.yaml' });

  test('is told once', () => {
    expect(findUnpublished([registered, { ...registered, line: 40 }, seen('other', 9000)])).toMatchObject([
      { kind: 'unpublished-port', path: 'ports.yaml', subject: 'planned 8100', remedy: { kind: 'edit' } },
    ]);
  });

  test('is not told where a router leads there, or where there is no Compose file to publish it', () => {
    const routed = seen('planned', 8100, { source: 'traefik' });
    expect(findUnpublished([registered, routed, seen('other', 9000)])).toEqual([]);
    expect(findUnpublished([registered])).toEqual([]);
  });
});
