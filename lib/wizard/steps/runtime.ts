import type { WizardStep } from './step';

export const runtimeStep: WizardStep = {
  name: 'runtime',
  title: 'Runtime',
  lede: 'Where it runs and what it needs there: a Compose stack, Kubernetes, or both.',
  fields: ['runtime'],
};
