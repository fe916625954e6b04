import type { WizardStep } from './step';

export const portsStep: WizardStep = {
  name: 'ports',
  title: 'Ports',
  lede: 'Nothing is held yet. The numbers below become yours the moment you submit, and stay yours until the pull request ends.',
  ledeOfChange:
    'A new number is held beside the old one from the moment you submit. The old one is given back when main has the new one.',
  fields: ['ports'],
};
