import type { WizardStep } from './step';

export const portsStep: WizardStep = {
  name: 'ports',
  title: 'Ports',
  lede: 'Nothing is held yet. The numbers below become yours the moment you submit, and stay yours until the pull request ends.',
  fields: ['ports'],
};
