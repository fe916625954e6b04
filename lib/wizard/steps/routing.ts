import type { WizardStep } from './step';

export const routingStep: WizardStep = {
  name: 'routing',
  title: 'Routing',
  lede: 'The host under which people and services find it.',
  fields: ['routing'],
};
