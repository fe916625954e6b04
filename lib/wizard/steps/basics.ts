import type { WizardStep } from './step';

export const basicsStep: WizardStep = {
  name: 'basics',
  title: 'Basics',
  lede: 'What it is, what it is for and who keeps it. Name, purpose, category, image and port are enough for a good pull request.',
  fields: [
    'version',
    'name',
    'displayName',
    'purpose',
    'category',
    'owner',
    'maintainers',
    'lifecycle',
    'runtime.source',
  ],
};
