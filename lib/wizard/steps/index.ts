/** The wizard's steps in order. A new step: a file beside this one, its form in components/wizard, one line here. */
import { basicsStep } from './basics';
import { docsStep } from './docs';
import { operationsStep } from './operations';
import { portsStep } from './ports';
import { reviewStep } from './review';
import { routingStep } from './routing';
import { runtimeStep } from './runtime';
import { securityStep } from './security';
import type { WizardStep } from './step';

export const wizardSteps: readonly WizardStep[] = [
  basicsStep,
  portsStep,
  securityStep,
  runtimeStep,
  routingStep,
  operationsStep,
  docsStep,
  reviewStep,
];

/** The step of this name, or undefined. */
export function findStep(name: string): WizardStep | undefined {
  return wizardSteps.find((step) => step.name === name);
}

/** The step at which a field is settled: the one with the longest prefix of its path (`runtime.source` before `runtime`). */
export function stepOfField(path: string): WizardStep {
  let best: { step: WizardStep; length: number } = { step: basicsStep, length: -1 };
  for (const step of wizardSteps) {
    for (const field of step.fields) {
      if ((path === field || path.startsWith(`${field}.`)) && field.length > best.length)
        best = { step, length: field.length };
    }
  }
  return best.step;
}
