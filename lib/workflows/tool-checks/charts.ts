/** Helm on every chart that the change touches, in each environment, before and after; and what it renders, against the schemas of Kubernetes. */
import type { Tool } from '@/lib/adapters/tools/find-tool';
import { findHelm, judgeChart, type ChartAnswer, type HelmAnswer } from '@/lib/adapters/tools/helm';
import type { CheckInput } from '@/lib/generator/checks/check';
import { rendersOf, touchedCharts, type ChartRender } from '@/lib/generator/checks/charts';
import { kubernetesReferenceFaults } from '@/lib/generator/checks/kubernetes-references';
import { checkKubernetes } from '@/lib/generator/checks/kubernetes-schema';
import type { RenderedManifests } from '@/lib/generator/pull-request/input';
import type { FileChange } from '@/lib/generator/types';
import { documentsIn } from '@/lib/generator/yaml/documents';
import { withoutSecrets } from './rendered';
import { saysNothingNew } from './same-message';
import { judged, notConcerned, notRun, plural, reasonOf, type Runner, type ToolVerdict } from './tool-check';

export const helmLintName = { id: 'helm-lint', name: 'helm lint --strict' };
export const helmTemplateName = { id: 'helm-template', name: 'helm template' };
export const kubernetesReferencesName = { id: 'kubernetes-references', name: 'Kubernetes objects fit together' };
export const kubernetesSchemaName = { id: 'kubernetes-schema', name: 'Kubernetes schemas' };

/** What Helm said of one chart in one environment, before and after. */
interface ChartRun {
  /** `charts/relay (prod)` */
  label: string;
  render: ChartRender;
  /** Undefined where the chart, or its values for this environment, are new. */
  before: Asked | undefined;
  after: Asked;
}

type Asked =
  | { kind: 'answered'; answer: ChartAnswer }
  /** Helm would have to fetch charts that it needs, and is not asked. */
  | { kind: 'not-asked'; why: string }
  /** Helm was asked and broke, or took too long. */
  | { kind: 'no-verdict'; why: string };

export type ChartRuns = { kind: 'absent'; how: string } | { kind: 'run'; version: string; runs: ChartRun[] };

/** Runs Helm on all of it, once for the three checks that look at the answers. */
export async function runCharts(input: CheckInput, run: Runner): Promise<ChartRuns> {
  const { tree, after, profile, manifest } = input;
  const renders = touchedCharts(input).flatMap((chart) =>
    rendersOf(after, chart, profile, manifest).map((render) => ({
      render,
      base: rendersOf(tree, chart, profile, manifest).find((one) => one.environment === render.environment),
    })),
  );
  if (renders.length === 0) return { kind: 'run', version: '', runs: [] };
  const tool = await findHelm();
  if (tool.kind === 'absent') return tool;
  const runs = renders.map(async ({ render, base }): Promise<ChartRun> => {
    const label = `${render.chart}${render.environment === undefined ? '' : ` (${render.environment})`}`;
    const [before, after] = await Promise.all([base && ask(tool, base, run), ask(tool, render, run)]);
    return { label, render, before, after };
  });
  return { kind: 'run', version: tool.version, runs: await Promise.all(runs) };
}

async function ask(tool: Tool, render: ChartRender, run: Runner): Promise<Asked> {
  if (render.elsewhere.length > 0)
    return { kind: 'not-asked', why: `needs ${render.elsewhere.join(', ')}, which Helm would have to fetch.` };
  return run(() => judgeChart(tool, render)).then(
    (answer) => ({ kind: 'answered', answer }),
    (error: unknown) => ({ kind: 'no-verdict', why: reasonOf(error) }),
  );
}

export function judgeLint(charts: ChartRuns): ToolVerdict {
  return judgeAnswers(charts, (answer) => answer.lint, 'lints');
}

export function judgeTemplate(charts: ChartRuns): ToolVerdict {
  return judgeAnswers(charts, (answer) => answer.template, 'renders');
}

function judgeAnswers(charts: ChartRuns, of: (answer: ChartAnswer) => HelmAnswer, does: string): ToolVerdict {
  if (charts.kind === 'absent') return notRun(charts.how);
  if (charts.runs.length === 0) return notConcerned('No chart is touched.');
  const found = findings();
  for (const { label, before, after } of charts.runs) {
    if (after.kind !== 'answered') {
      notLookedAt(found, label, after);
      continue;
    }
    const answer = of(after.answer);
    const fault = `${label}: ${firstError(answer.message)}`;
    if (answer.ok) found.seen.push(`${label}: ${answer.message || does}`);
    else if (before?.kind === 'no-verdict') notLookedAt(found, label, before);
    else if (before?.kind === 'answered' && saysNothingNew(answer.message, [of(before.answer).message]))
      found.old.push(fault);
    else found.faults.push(`${fault}\n${answer.message}`);
  }
  return judged({
    ...found,
    passed: `Helm ${charts.version} ${does} ${plural(found.seen.length, 'chart and environment').replace('chart and environments', 'charts and environments')}.`,
  });
}

function findings() {
  const none = (): string[] => [];
  return { faults: none(), old: none(), unjudged: none(), noVerdict: none(), seen: none() };
}

/** What Helm did not say is neither a pass nor a fault. */
function notLookedAt(found: ReturnType<typeof findings>, label: string, asked: Exclude<Asked, { kind: 'answered' }>) {
  if (asked.kind === 'not-asked') found.unjudged.push(`${label} ${asked.why}`);
  else found.noVerdict.push(`${label}: ${asked.why}`);
}

/** What is rendered, before and after, and what is not there to be looked at. */
function renderings(charts: ChartRun[]) {
  const found = findings();
  const texts = charts.flatMap(({ label, before, after }) => {
    if (after.kind !== 'answered') notLookedAt(found, label, after);
    else if (!after.answer.template.ok)
      found.unjudged.push(`${label} does not render: see the check “${helmTemplateName.name}”.`);
    else if (before?.kind === 'no-verdict') notLookedAt(found, label, before);
    else return [{ label, before: renderedBy(before), after: after.answer.template.rendered }];
    return [];
  });
  return { texts, found };
}

function renderedBy(asked: Asked | undefined): string {
  return asked?.kind === 'answered' ? asked.answer.template.rendered : '';
}

/** The line that says what is wrong, out of all that Helm prints. */
function firstError(message: string): string {
  const lines = message.split('\n');
  return (lines.find((line) => /^(?:Error:|\[(?:ERROR|WARNING)\])/.test(line)) ?? lines[0] ?? '').trim();
}

/** Every document that the change adds or alters, rendered or written as it is, against the schema of its kind. */
export async function judgeDocuments(charts: ChartRuns, { plan }: CheckInput): Promise<ToolVerdict> {
  const { texts: rendered, found } = renderings(charts.kind === 'run' ? charts.runs : []);
  const texts = [
    ...rendered,
    ...plan.files.filter(isKubernetes).map(({ path, before, after }) => ({ label: path, before: before ?? '', after })),
  ];
  if (charts.kind === 'absent') found.unjudged.push(charts.how);
  if (texts.length === 0 && found.unjudged.length + found.noVerdict.length === 0)
    return notConcerned('No Kubernetes object is concerned.');
  const verdicts = await Promise.all(
    texts.map(async ({ label, before, after }) => ({
      label,
      known: new Set((await checkKubernetes(before)).faults),
      verdict: await checkKubernetes(after),
    })),
  );
  const faults = verdicts.flatMap(({ label, known, verdict }) =>
    verdict.faults.map((fault) => ({ text: `${label}: ${fault}`, isOld: known.has(fault) })),
  );
  const valid = verdicts.flatMap(({ label, verdict }) => verdict.valid.map((one) => `${label}: ${one}`));
  return judged({
    faults: faults.filter((fault) => !fault.isOld).map((fault) => fault.text),
    old: faults.filter((fault) => fault.isOld).map((fault) => fault.text),
    noVerdict: found.noVerdict,
    unjudged: [
      ...found.unjudged,
      ...verdicts.flatMap(({ label, verdict }) =>
        verdict.unknown.map((kind) => `${label}: there is no schema for ${kind}.`),
      ),
    ],
    seen: valid,
    passed: `${plural(valid.length, 'document')} against the schemas of their kinds.`,
  });
}

/** What the rendered objects of a chart say of each other. Old faults of a chart that is there already do not stand in the way. */
export function judgeReferences(charts: ChartRuns): ToolVerdict {
  if (charts.kind === 'absent') return notRun(charts.how);
  if (charts.runs.length === 0) return notConcerned('No chart is rendered.');
  const { texts, found } = renderings(charts.runs);
  for (const { label, before, after } of texts) {
    const known = new Set(kubernetesReferenceFaults(before));
    for (const fault of kubernetesReferenceFaults(after))
      (known.has(fault) ? found.old : found.faults).push(`${label}: ${fault}`);
    found.seen.push(label);
  }
  return judged({
    ...found,
    passed: `Selectors, ports, probes and names fit together in ${plural(texts.length, 'rendering')}.`,
  });
}

/** A manifest that is applied as it is; charts hold templates and values, which are none. */
function isKubernetes(file: FileChange): file is FileChange & { after: string } {
  const { path, after } = file;
  if (after === null || !/\.ya?ml$/i.test(path) || /(?:^|\/)(?:templates\/|Chart\.yaml$)/.test(path)) return false;
  return /^apiVersion:/m.test(after) && /^kind:/m.test(after);
}

/** What the cluster is given that it was not given before, environment by environment, for the pull request: without the values of secrets. */
export function renderedAdditions(charts: ChartRuns): RenderedManifests[] {
  if (charts.kind === 'absent') return [];
  return charts.runs.flatMap(({ label, render, before, after }) => {
    // Without the base nobody knows what of it is new.
    if (before?.kind === 'no-verdict') return [];
    const known = new Set(documentsIn(renderedBy(before)));
    const added = documentsIn(renderedBy(after)).filter((document) => !known.has(document));
    if (added.length === 0) return [];
    const text = added.map((document) => `---\n${withoutSecrets(document)}`).join('');
    return [{ environment: render.environment ?? label, text }];
  });
}
