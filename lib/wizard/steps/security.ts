import type { WizardStep } from './step';

export const securityStep: WizardStep = {
  name: 'security',
  title: 'Security',
  lede: 'Who may reach it, and which secrets it reads. Secrets by name only: a value never stands in a draft or in Git.',
  fields: ['security', 'workload'],
};
