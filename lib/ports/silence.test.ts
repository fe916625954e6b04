import { expect, test } from 'vitest';
import type { ObservedPort } from './drift';
import { findSilence, type ProbedReservation } from './silence';

const probed = (service: string, from: number, fields: Partial<ProbedReservation> = {}): ProbedReservation => ({
  ...{ id: `id of ${service}`, service, protocol: 'tcp', range: { from, to: from }, state: 'active' },
  ...{ requestId: 12, reservedBy: undefined, since: new Date('2026-11-21T08:15:30Z') },
  ...{ outcome: 'refused', silentTimes: 3 },
  ...fields,
});
const seen = (service: string, from: number, source: ObservedPort['source'], path: string): ObservedPort => ({
  ...{ service, source, protocol: 'tcp', range: { from, to: from }, path, line: 7 },
});
const silence = (reservations: ProbedReservation[], observations: ObservedPort[] = []) =>
  findSilence({
    ...{ host: 'ravenhelm-01', probed: reservations, observations, registry: 'ports.yaml' },
    isOwn: (name, service) => name === service,
  });

test('one is told after several probes, with what happened, since when, and where main has it', () => {
  const observations = [seen('sfu', 7880, 'registry', 'ports.yaml'), seen('sfu', 7880, 'compose', 'compose.yml')];
  expect(silence([probed('sfu', 7880, { silentTimes: 2 })], observations)).toEqual([]);
  expect(silence([probed('sfu', 7880)], observations)).toEqual([
    {
      ...{ kind: 'no-answer', path: 'compose.yml', line: 7, subject: 'sfu 7880', remedy: { kind: 'host' } },
      message:
        '7880 of sfu is active on ravenhelm-01, but nobody has answered there since 2026-11-21 08:15 UTC: the connection is refused.',
    },
  ]);
  expect(silence([probed('sfu', 7880)])).toMatchObject([{ path: 'ports.yaml', line: undefined }]);
});

test('where nothing on the host answers or refuses, that is told once', () => {
  const away = { outcome: 'timeout' } as const;
  expect(silence([probed('sfu', 7880, away), probed('sip', 7881, { outcome: 'unreachable' })])).toMatchObject([
    { kind: 'host-does-not-answer', subject: 'ravenhelm-01' },
  ]);
  const kinds = (other: Partial<ProbedReservation>) =>
    silence([probed('sfu', 7880, away), probed('sip', 7881, away), probed('web', 7882, other)]).map(({ kind }) => kind);
  expect(kinds({ outcome: 'reachable', silentTimes: 0 })).toEqual(['no-answer', 'no-answer']);
  expect(kinds({ outcome: 'refused' })).toEqual(['no-answer', 'no-answer', 'no-answer']);
  // One alone says nothing of the host.
  expect(silence([probed('sfu', 7880, away)])).toMatchObject([{ kind: 'no-answer' }]);
});
