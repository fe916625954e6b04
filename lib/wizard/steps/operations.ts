import type { WizardStep } from './step';

export const operationsStep: WizardStep = {
  name: 'operations',
  title: 'Operations',
  lede: 'What watches it, which queues it reads, and how its own code is delivered. All of it may stay off.',
  fields: ['observability', 'messaging', 'delivery'],
};
