/** Helm as a judge of charts: lint and template, on a copy of the chart, without a cluster. */
import { join } from 'node:path';
import { toolEnvironment } from './environment';
import { findTool, type NoTool, type Tool } from './find-tool';
import { homeIn, repositoryIn, withPrivateFolder } from './private-folder';
import { runProgram, type ProgramResult } from './run-program';
import { troubleWith } from './trouble';

/** What charts are told of the cluster: the version whose schemas their objects are held against (generator/checks/schemas). Without it Helm says its own. */
const CLUSTER = '1.35.0';

/** One chart with the values of one environment. */
export interface ChartCall {
  /** The chart's folder, from the repository's root. */
  chart: string;
  release: string;
  namespace: string | undefined;
  /** Values files, from the repository's root; the later win. */
  values: readonly string[];
  /** Every file that is needed, by its path from the repository's root. */
  files: ReadonlyMap<string, string>;
  /** Whether charts beside it have to be put into it first. */
  hasLocalDependencies: boolean;
}

export interface HelmAnswer {
  ok: boolean;
  /** What Helm says, without where our folder is; for a chart that renders, nothing. */
  message: string;
}

/** Both verdicts on a chart. `rendered` is the YAML documents where it renders, else nothing. */
export interface ChartAnswer {
  lint: HelmAnswer & { durationMs: number };
  template: HelmAnswer & { durationMs: number; rendered: string };
}

/**
 * `helm lint --strict` and `helm template`.
 * @throws Error where Helm gave no verdict in time.
 */
export async function judgeChart(tool: Tool, call: ChartCall): Promise<ChartAnswer> {
  return withPrivateFolder(call.files, async (folder) => {
    const repository = repositoryIn(folder);
    const chart = join(repository, call.chart);
    const helm = async (...args: string[]): Promise<ProgramResult> => {
      const result = await runProgram(tool.command, [...tool.before, ...args], {
        folder: repository,
        environment: toolEnvironment(homeIn(folder)),
      });
      const trouble = troubleWith(`helm ${args[0] ?? ''}`, result);
      if (trouble !== undefined) throw new Error(trouble);
      return result;
    };
    // Names from the repository come after `--`: one that begins with `-` would be an option otherwise, and options run programs.
    if (call.hasLocalDependencies) await helm('dependency', 'build', '--skip-refresh', '--', chart);
    const values = call.values.map((path) => `--values=${asOneValue(join(repository, path))}`);
    const options = [
      `--kube-version=${CLUSTER}`,
      ...values,
      ...(call.namespace === undefined ? [] : [`--namespace=${call.namespace}`]),
    ];
    const [lint, template] = await Promise.all([
      helm('lint', '--strict', ...options, '--', chart),
      helm('template', ...options, '--', call.release, chart),
    ]);
    const clean = (text: string) => text.replaceAll(`${repository}/`, '').trim();
    return {
      lint: { ok: lint.code === 0, message: clean(`${lint.out}\n${lint.err}`), durationMs: lint.durationMs },
      template: {
        ok: template.code === 0,
        message: clean(template.err),
        rendered: template.code === 0 ? template.out : '',
        durationMs: template.durationMs,
      },
    };
  });
}

/** Helm reads the option as a line of CSV: a comma in a path would begin another file, which may be a URL. */
function asOneValue(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

/** Helm, third edition. */
export function findHelm(): Promise<Tool | NoTool> {
  return findTool('helm');
}
