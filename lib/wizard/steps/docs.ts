import type { WizardStep } from './step';

export const docsStep: WizardStep = {
  name: 'docs',
  title: 'Docs and tracking',
  lede: 'What is written down, and where the work is followed.',
  fields: ['docs'],
};
