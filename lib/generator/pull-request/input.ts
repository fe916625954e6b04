/** What a pull request is described from, and the small words that its sections share. */
import type { TimedCheckResult } from '../checks/index';
import type { Profile } from '../profile';
import type { Plan, ResolvedManifest } from '../types';

/** Where the request and what belongs to it can be found; absent where there is no such thing yet. */
export interface PullRequestLinks {
  request?: string;
  issue?: string;
  runbook?: string;
}

/** What Helm makes of the chart for one environment. */
export interface RenderedManifests {
  environment: string;
  /** YAML documents. */
  text: string;
}

export interface PullRequestInput {
  plan: Plan;
  resolved: ResolvedManifest;
  profile: Profile;
  checks: readonly (Omit<TimedCheckResult, 'durationMs'> & { durationMs?: number })[];
  links: PullRequestLinks;
  /** Commit of the platform repository that the plan was made on. */
  baseSha?: string;
  rendered?: readonly RenderedManifests[];
  /** For a change: the resolved spec that it leads away from. */
  before?: ResolvedManifest;
}

/** A section with its heading; nothing where it has no text. */
export function section(title: string, text: string): string {
  return text === '' ? '' : `## ${title}\n\n${text}`;
}

/** A row of a table; the cells are Markdown already. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A part that is closed until somebody opens it. `summary` is plain text: beside HTML, GitHub reads no Markdown. */
export function folded(summary: string, text: string): string {
  const safe = summary
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@|#(?=\d)/g, (start) => `${start}&#8203;`);
  return `<details><summary>${safe}</summary>\n\n${text}\n\n</details>`;
}

/** `1 file`, `3 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The first `limit` characters, and how many more there are. */
export function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}\n… (${text.length - limit} characters more)`;
}
