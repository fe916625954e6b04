import { expect, test } from 'vitest';
import { Profile } from '@/lib/generator/profile';
import { requestActions } from '@/lib/requests/states';
import { decorationOf } from './decoration';

const review = (keys: object) => Profile.shape.review.parse(keys);
const labelsOf = (keys: object) =>
  requestActions.map((action) => decorationOf({ review: review(keys) }, action).labels);

test('labels are those of what the pull request does; an addition’s are not put on others', () => {
  expect(labelsOf({ labels: ['new-service'] })).toEqual([['new-service'], [], []]);
  expect(labelsOf({ labels: ['a'], changeLabels: ['b'], removalLabels: ['c'] })).toEqual([['a'], ['b'], ['c']]);
});

test('everybody is asked whatever it does', () => {
  const keys = { reviewers: ['operator'], teamReviewers: ['platform'] };
  for (const action of requestActions)
    expect(decorationOf({ review: review(keys) }, action)).toMatchObject({ ...keys, labels: [] });
});
