import type { WizardStep } from './step';

export const basicsStep: WizardStep = {
  name: 'basics',
  title: 'Basics',
  lede: 'What it is, what it is for and who keeps it. Name, purpose, category, image and port are enough for a good pull request.',
  ledeOfChange: 'What it is, what it is for and who keeps it, as it stands in main. Change what is to be different.',
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
