import type { WizardStep } from './step';

export const reviewStep: WizardStep = {
  name: 'review',
  title: 'Review',
  lede: 'What the pull request will hold, checked before it is opened.',
  fields: [],
};
