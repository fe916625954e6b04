/** Helm on every chart that the change touches, in each environment, before and after; and what it renders, against the schemas of Kubernetes. */
import type { Tool } from '@/lib/adapters/tools/find-tool';
import { findHelm, judgeChart, type ChartAnswer, type HelmAnswer } from '@/lib/adapters/tools/helm';
import type { CheckInput } from '@/lib/generator/checks/check';
import { rendersOf, touchedCharts, type ChartRender } from '@/lib/generator/checks/charts';
import { kubernetesReferenceFaults } from '@/lib/generator/checks/kubernetes-references';
import { checkKubernetes } from '@/lib/generator/checks/kubernetes-schema';
import type { RenderedManifests } from '@/lib/generator/pull-request/input';
import type { FileChange } from '@/lib/generator/types';
import { judged, notConcerned, notRun, plural, type Runner, type ToolVerdict } from './tool-check';

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
  before: ChartAnswer | undefined;
  /** Undefined where Helm could not be asked; `elsewhere` says why. */
  after: ChartAnswer | undefined;
}

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

async function ask(tool: Tool, render: ChartRender, run: Runner): Promise<ChartAnswer | undefined> {
  return render.elsewhere.length > 0 ? undefined : run(() => judgeChart(tool, render));
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
  const faults: string[] = [];
  const old: string[] = [];
  const unjudged: string[] = [];
  const seen: string[] = [];
  for (const { label, render, before, after } of charts.runs) {
    if (!after) {
      unjudged.push(`${label} needs ${render.elsewhere.join(', ')}, which Helm would have to fetch.`);
      continue;
    }
    const answer = of(after);
    const earlier = before && of(before);
    if (answer.ok) seen.push(`${label}: ${answer.message || does}`);
    else if (earlier && !earlier.ok && earlier.message === answer.message)
      old.push(`${label}: ${firstError(answer.message)}`);
    else faults.push(`${label}: ${firstError(answer.message)}\n${answer.message}`);
  }
  return judged({
    faults,
    old,
    unjudged,
    seen,
    passed: `Helm ${charts.version} ${does} ${plural(seen.length, 'chart and environment').replace('chart and environments', 'charts and environments')}.`,
  });
}

/** The line that says what is wrong, out of all that Helm prints. */
function firstError(message: string): string {
  const lines = message.split('\n');
  return (lines.find((line) => /^(?:Error:|\[(?:ERROR|WARNING)\])/.test(line)) ?? lines[0] ?? '').trim();
}

/** Every document that the change adds or alters, rendered or written as it is, against the schema of its kind. */
export async function judgeDocuments(charts: ChartRuns, { plan }: CheckInput): Promise<ToolVerdict> {
  const texts = [
    ...(charts.kind === 'run' ? charts.runs : []).flatMap(({ label, before, after }) =>
      after ? [{ label, before: before?.template.rendered ?? '', after: after.template.rendered }] : [],
    ),
    ...plan.files.filter(isKubernetes).map(({ path, before, after }) => ({ label: path, before: before ?? '', after })),
  ];
  if (texts.length === 0)
    return charts.kind === 'absent' ? notRun(charts.how) : notConcerned('No Kubernetes object is concerned.');
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
    unjudged: [
      ...(charts.kind === 'absent' ? [charts.how] : []),
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
  const looked = charts.runs.flatMap(({ label, before, after }) => {
    if (!after?.template.ok) return [];
    const known = new Set(kubernetesReferenceFaults(before?.template.rendered ?? ''));
    return kubernetesReferenceFaults(after.template.rendered).map((fault) => ({
      text: `${label}: ${fault}`,
      isOld: known.has(fault),
    }));
  });
  const rendered = charts.runs.filter(({ after }) => after?.template.ok).map(({ label }) => label);
  if (rendered.length === 0) return notConcerned('No chart is rendered.');
  return judged({
    faults: looked.filter(({ isOld }) => !isOld).map(({ text }) => text),
    old: looked.filter(({ isOld }) => isOld).map(({ text }) => text),
    unjudged: [],
    seen: rendered,
    passed: `Selectors, ports, probes and names fit together in ${plural(rendered.length, 'rendering')}.`,
  });
}

/** A manifest that is applied as it is; charts hold templates and values, which are none. */
function isKubernetes(file: FileChange): file is FileChange & { after: string } {
  const { path, after } = file;
  if (after === null || !/\.ya?ml$/i.test(path) || /(?:^|\/)(?:templates\/|Chart\.yaml$)/.test(path)) return false;
  return /^apiVersion:/m.test(after) && /^kind:/m.test(after);
}

/** What the cluster is given that it was not given before, environment by environment, for the pull request. */
export function renderedAdditions(charts: ChartRuns): RenderedManifests[] {
  if (charts.kind === 'absent') return [];
  return charts.runs.flatMap(({ label, render, before, after }) => {
    const known = new Set(documentsOf(before?.template.rendered ?? ''));
    const added = documentsOf(after?.template.rendered ?? '').filter((document) => !known.has(document));
    if (added.length === 0) return [];
    return [{ environment: render.environment ?? label, text: added.map((document) => `---\n${document}`).join('') }];
  });
}

function documentsOf(rendered: string): string[] {
  return rendered.split(/^---[ \t]*\r?\n/m).filter((document) => /^[^#\s]/m.test(document));
}
