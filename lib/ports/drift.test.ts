import { describe, expect, test } from 'vitest';
import {
  findDrift,
  findUnpublished,
  type LiveReservation,
  type LiveService,
  type ObservedPort,
  type UnderWay,
} from './drift';

const seen = (service: string, from: number, fields: Partial<ObservedPort> = {}): ObservedPort => ({
  ...{ service, source: 'compose', protocol: 'tcp', range: { from, to: from }, path: 'compose.yml', line: 7 },
  ...fields,
});
const has = (service: string, from: number, fields: Partial<LiveReservation> = {}): LiveReservation => ({
  ...{ id: `id of ${service}`, service, protocol: 'tcp', range: { from, to: from }, state: 'active' },
  ...{ requestId: 12, reservedBy: undefined },
  ...fields,
});
const live = (service: string, inMain = true): LiveService => ({ service, requestId: 12, inMain });
const drift = (
  observations: ObservedPort[],
  reservations: LiveReservation[],
  services: LiveService[] = [],
  underWay: UnderWay[] = [],
  unreadable = false,
) =>
  findDrift({
    ...{ observations, reservations, live: services, underWay, unreadable, registry: 'ports.yaml' },
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

  test('what looks gone is doubtful while some file cannot be read; what was read is not', () => {
    const reservations = [has('gone', 7881), has('mine', 7880, { state: 'reserved' })];
    const kinds = (unreadable: boolean, doubtful: boolean) =>
      drift([seen('theirs', 7880)], reservations, [live('lost', false)], [], unreadable)
        .filter((one) => (one.doubtful ?? false) === doubtful)
        .map(({ kind }) => kind);
    expect(kinds(false, false)).toEqual(['gone-from-main', 'active-but-gone', 'contradicts-reservation']);
    expect(kinds(true, true)).toEqual(['gone-from-main', 'active-but-gone']);
    expect(kinds(true, false)).toEqual(['contradicts-reservation']);
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
    const found = drift(observations, [has('mine', 7880, { range: { from: 7880, to: 7882 } })], [live('mine')]);
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

describe('a service that main no longer has', () => {
  test('is one finding, whatever it has, and the one action gives all of it back', () => {
    const reservations = [has('lost', 7880), has('lost', 7881, { protocol: 'udp' })];
    const found = drift([seen('other', 9000)], reservations, [live('lost', false), live('other')]);
    expect(found.filter(({ kind }) => kind !== 'unreserved-port')).toMatchObject([
      { kind: 'gone-from-main', subject: 'lost', remedy: { kind: 'give-back', service: 'lost' } },
    ]);
    expect(found[0]?.message).toContain('kept for request 12');
  });

  test('without a port is told as well', () => {
    expect(drift([], [], [live('quiet', false)])).toMatchObject([{ kind: 'gone-from-main' }]);
  });
});

describe('a change or a removal that is not through yet', () => {
  const change = (fields: Partial<UnderWay> = {}): UnderWay => ({
    ...{ service: 'moving', removes: false, settling: false },
    publishes: [{ protocol: 'tcp', range: { from: 7881, to: 7881 } }],
    ...fields,
  });
  const before = [has('moving', 7880)];

  test('explains the port that it gives up, and no other', () => {
    const main = [seen('other', 9000)];
    expect(drift(main, before, [live('moving')], [change()])).toEqual([]);
    const stays = change({ publishes: [{ protocol: 'tcp', range: { from: 7880, to: 7880 } }] });
    expect(drift(main, before, [live('moving')], [stays])).toMatchObject([{ kind: 'active-but-gone' }]);
    expect(drift(main, before, [live('moving')], [change({ service: 'another' })])).toMatchObject([
      { kind: 'active-but-gone' },
    ]);
  });

  test('a removal explains everything that is gone, and a change no whole service', () => {
    const removal = change({ removes: true, publishes: [] });
    expect(drift([], before, [live('moving', false)], [removal])).toEqual([]);
    expect(drift([], before, [live('moving', false)], [change()])).toMatchObject([{ kind: 'gone-from-main' }]);
  });

  test('what a reviewer changed is not told in the moment between the merge and going live', () => {
    const main = [seen('moving', 7890)];
    const kinds = (settling: boolean) =>
      drift(main, before, [live('moving')], [change({ settling })]).map(({ kind }) => kind);
    expect(kinds(false)).toEqual(['unreserved-port']);
    expect(kinds(true)).toEqual([]);
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
