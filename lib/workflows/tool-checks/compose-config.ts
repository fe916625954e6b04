/** Docker Compose itself reads every project that the change concerns, before and after. Only what it refuses newly stands in the way. */
import { composeConfig, findCompose } from '@/lib/adapters/tools/compose';
import type { Tool } from '@/lib/adapters/tools/find-tool';
import type { CheckInput } from '@/lib/generator/checks/check';
import { changedProjects, type ChangedProject } from '@/lib/generator/checks/compose-projects';
import { saysNothingNew } from './same-message';
import { judged, notConcerned, notRun, plural, reasonOf, type Runner, type ToolVerdict } from './tool-check';

export const composeConfigName = { id: 'compose-config', name: 'docker compose config' };

/** How often an unsound base is asked: Compose stops at the first fault, and which one comes first is not always the same. */
const BASE_TRIES = 3;

interface Outcome {
  path: string;
  fault?: string;
  old?: string;
  unjudged?: string;
  noVerdict?: string;
}

export async function judgeCompose(input: CheckInput, run: Runner): Promise<ToolVerdict> {
  const projects = changedProjects(input);
  if (projects.length === 0) return notConcerned('No Compose project is concerned.');
  const tool = await findCompose();
  if (tool.kind === 'absent') return notRun(tool.how);
  const outcomes = await Promise.all(
    projects.map((project) =>
      run(() => judgeProject(tool, project)).catch((error: unknown): Outcome => {
        // The other projects have their verdicts all the same.
        return { path: project.path, noVerdict: `${project.path}: ${reasonOf(error)}` };
      }),
    ),
  );
  const pick = (key: keyof Omit<Outcome, 'path'>) => outcomes.flatMap((outcome) => outcome[key] ?? []);
  const accepted = outcomes.filter((outcome) => Object.keys(outcome).length === 1);
  return judged({
    faults: pick('fault'),
    old: pick('old'),
    unjudged: pick('unjudged'),
    noVerdict: pick('noVerdict'),
    seen: accepted.map(({ path }) => `${path}: accepted`),
    passed: `Docker Compose ${tool.version} accepts ${plural(accepted.length, 'project')}.`,
  });
}

async function judgeProject(tool: Tool, { path, before, after }: ChangedProject): Promise<Outcome> {
  const [outside] = [...after.outside, ...(before?.outside ?? [])];
  if (outside !== undefined)
    return {
      path,
      unjudged: `${path} needs what is not in the repository (${outside}). Run docker compose config where that is.`,
    };
  const result = await composeConfig(tool, after);
  if (result.kind === 'accepted') return { path };
  if (!before) return { path, fault: `${path}: ${result.message}` };
  const earlier: string[] = [];
  for (let tries = 0; tries < BASE_TRIES; tries += 1) {
    const answer = await composeConfig(tool, before);
    if (answer.kind === 'accepted') return { path, fault: `${path}: ${result.message}` };
    earlier.push(answer.message);
    if (saysNothingNew(result.message, earlier)) return { path, old: `${path}: ${result.message}` };
  }
  // Compose stopped at another place than before the change.
  return { path, fault: `${path}: ${result.message} (before the change: ${[...new Set(earlier)].join('; ')})` };
}
