import { expect, test } from 'vitest';
import { submitAgain } from './submit-again';

const dana = { id: 'dana', maySubmit: true };
const request = {
  state: 'closed',
  action: 'add',
  serviceName: 'egress',
  draftId: 'a-draft',
  requester: { id: 'dana', name: 'Dana' },
  serviceIsLive: true,
} satisfies Parameters<typeof submitAgain>[0];

test.each([
  ['an addition is its draft again', {}, 'Submit again', '/services/new/review?draft=a-draft'],
  ['a change too', { action: 'change' }, 'Submit again', '/services/egress/change/review?draft=a-draft'],
  [
    'a change without its draft begins anew',
    { action: 'change', draftId: undefined },
    'Change again',
    '/services/egress/change/basics',
  ],
  [
    'a removal is planned anew',
    { action: 'remove', draftId: undefined, state: 'cancelled' },
    'Remove again',
    '/services/egress/remove',
  ],
] as const)('%s', (_, more, label, href) => {
  expect(submitAgain({ ...request, ...more }, dana)).toEqual({ label, href });
});

test.each([
  ['one that is under way', { state: 'in_review' }],
  ['one that failed: it is tried again or cancelled first', { state: 'failed' }],
  ['an addition whose draft is gone', { draftId: undefined }],
  ['a change of what somebody removed meanwhile', { action: 'change', serviceIsLive: false }],
  ['a removal of what is gone', { action: 'remove', serviceIsLive: false }],
] as const)('is not offered for %s', (_, more) => {
  expect(submitAgain({ ...request, ...more }, dana)).toBeUndefined();
});

test('somebody else’s draft is not offered, a removal is, and to viewers nothing', () => {
  const erin = { id: 'erin', maySubmit: true };
  expect(submitAgain(request, erin)).toBeUndefined();
  expect(submitAgain({ ...request, action: 'change' }, erin)?.href).toBe('/services/egress/change/basics');
  expect(submitAgain({ ...request, action: 'remove' }, erin)?.href).toBe('/services/egress/remove');
  expect(submitAgain({ ...request, action: 'remove' }, { id: 'dana', maySubmit: false })).toBeUndefined();
});
