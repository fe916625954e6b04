/** What a step of the wizard is. Its form is `components/wizard/<name>-step.tsx`; the order stands in index.ts. */
export interface WizardStep {
  /** Last part of the step's URL. */
  name: string;
  title: string;
  /** What the step asks, in a sentence. */
  lede: string;
  /** The sentence where a live service is changed; `lede` where absent. */
  ledeOfChange?: string;
  /** Parts of the manifest that are settled here, as path prefixes: a problem is shown at the step that it belongs to. */
  fields: readonly string[];
}
