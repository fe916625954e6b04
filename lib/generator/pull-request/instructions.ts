/** What people do with the pull request: try it, finish it after the merge, undo it. */
import { environmentValues } from '../chart-environments';
import { escapeForGitHub, markdownBlock } from '../markdown-text';
import { composeCommand, composeFileOf, curlCommand, startCommand } from '../operations';
import type { Plan } from '../types';
import { count, type PullRequestInput } from './input';

/** The commands that start and ask the service on a checkout of the branch. */
export function howToTry({ resolved, profile, plan }: PullRequestInput): string {
  if (plan.action === 'remove') return '';
  const commands: string[] = [];
  const stack = composeFileOf(resolved, profile);
  if (stack && profile.compose)
    commands.push(
      startCommand(resolved, profile.compose.startCommand, stack),
      `${composeCommand(profile.compose.startCommand, stack)} logs -f ${resolved.name}`,
    );
  if (resolved.routing)
    commands.push(curlCommand(`https://${resolved.routing.host}${resolved.runtime.healthCheck?.path ?? '/'}`));
  if (resolved.runtime.kubernetes && profile.helm) {
    const chart = `${profile.helm.charts.replace(/\/+$/, '')}/${resolved.name}`;
    if (plan.files.some((file) => file.path === `${chart}/Chart.yaml`))
      commands.push(...templateCommands(resolved, profile.helm, plan, chart));
  }
  return commands.length === 0 ? '' : markdownBlock(commands.join('\n'), 'sh');
}

function templateCommands(
  { name, runtime }: PullRequestInput['resolved'],
  helm: NonNullable<PullRequestInput['profile']['helm']>,
  plan: Plan,
  chart: string,
): string[] {
  const written = (runtime.kubernetes?.environments ?? [])
    .map((environment) => `${chart}/${environmentValues(helm, environment)}`)
    .filter((path) => plan.files.some((file) => file.path === path));
  const command = `helm template ${name} ${chart}`;
  return written.length === 0 ? [command] : written.map((path) => `${command} -f ${path}`);
}

/** The plan's steps for people, in order, as tasks to tick. */
export function followUps(plan: Plan): string {
  return plan.followUps
    .map((step) => {
      // GitHub keeps the line breaks of a pull request's text.
      const text = `- [ ] **${escapeForGitHub(step.title)}**${step.detail ? `\n  ${escapeForGitHub(step.detail)}` : ''}`;
      return step.command ? `${text}\n\n${markdownBlock(step.command, 'sh').replace(/^/gm, '  ')}` : text;
    })
    .join('\n');
}

/** How to take it back, before and after the merge. */
export function howToUndo({ resolved, profile, plan }: PullRequestInput): string {
  const stack = composeFileOf(resolved, profile);
  const files = count(plan.files.length, 'file');
  if (plan.action !== 'add')
    return `Revert this pull request: it changes ${files} and nothing else, and reverting gives every byte back.`;
  const stop =
    stack && profile.compose
      ? `\n\n${markdownBlock(`${composeCommand(profile.compose.startCommand, stack)} rm --stop --force ${resolved.name}`, 'sh')}`
      : '';
  return `Revert this pull request: only lines were added, in ${files}, and reverting gives every byte back. Slipway goes on keeping the ports and the name for this service.${stop}`;
}
