/** What a reviewer checks the pull request by: what was allocated, what was checked, what the cluster would be given. */
import { formatPortRange } from '@/lib/services/port-range';
import { escapeForGitHub, markdownBlock, markdownCode, markdownLink } from '../markdown-text';
import type { Profile } from '../profile';
import type { CheckStatus, Plan } from '../types';
import { documentsIn } from '../yaml/documents';
import { count, cut, folded, row, type PullRequestInput } from './input';

/** Ports, hosts, access and the runbook's page. */
export function allocations({ resolved, profile, plan }: PullRequestInput): string {
  const page = runbookPage(profile, plan);
  const rows = resolved.ports.map((port) =>
    row([
      markdownCode(port.name),
      port.external === 'none' ? 'not published' : formatPortRange(port.external),
      formatPortRange(port.internal),
      port.protocol,
      escapeForGitHub(port.why),
    ]),
  );
  const lines =
    rows.length > 0
      ? [
          row(['Port', 'On the host', 'In the container', 'Protocol', 'Why']),
          row(['---', '---', '---', '---', '---']),
          ...rows,
        ]
      : [];
  const more = [
    ...(resolved.routing
      ? [`- Host ${[resolved.routing.host, ...resolved.routing.aliases].map(markdownCode).join(', ')}`]
      : []),
    ...(resolved.routing || resolved.security.access !== 'forward-auth' ? [`- Access: ${access(resolved)}`] : []),
    ...(page === undefined ? [] : [`- Runbook ${markdownCode(page)}`]),
    ...resolved.docs.dashboards.map((dashboard) => `- ${markdownLink(dashboard.title, dashboard.url)}`),
  ];
  return [...lines, ...(lines.length > 0 && more.length > 0 ? [''] : []), ...more].join('\n');
}

/** The page that comes or goes with the pull request, called as the house calls its pages. */
function runbookPage(profile: Profile, plan: Plan): string | undefined {
  const folder = profile.runbooks?.folder.replace(/\/+$/, '');
  if (folder === undefined) return undefined;
  return plan.files.find(
    ({ path, before, after }) => path.startsWith(`${folder}/`) && (before === null || after === null),
  )?.path;
}

function access({ security }: PullRequestInput['resolved']): string {
  const mtls = security.mtls ? '; mutual TLS from Traefik to the service' : '';
  if (security.access === 'forward-auth') return `behind the platform’s forward authentication${mtls}`;
  if (security.access === 'own-oauth') return `the service signs people in itself${mtls}`;
  return `public, because: ${escapeForGitHub(security.publicReason ?? '')}${mtls}`;
}

const STATUS: Record<CheckStatus, string> = {
  pass: '✅ pass',
  fail: '❌ fail',
  warn: '⚠️ warning',
  'not-run': '➖ not run',
};
const DETAIL_LIMIT = 3_000;

/** First how many passed; then what did not, open; then all of them with what was compared and how long it took, folded. */
export function checks(results: PullRequestInput['checks'], details: boolean): string {
  if (results.length === 0) return '';
  const by = (status: CheckStatus) => results.filter((check) => check.status === status);
  const figures = (Object.keys(STATUS) as CheckStatus[])
    .filter((status) => by(status).length > 0)
    .map(
      (status) => `${STATUS[status].split(' ')[0]} ${by(status).length} ${status === 'not-run' ? 'not run' : status}`,
    );
  const open = results.filter((check) => check.status !== 'pass');
  const table = [
    row(['Check', 'Result', 'Time', 'What was compared']),
    row(['---', '---', '---', '---']),
    ...results.map((check) =>
      row([
        escapeForGitHub(check.name),
        STATUS[check.status],
        duration(check.durationMs),
        escapeForGitHub(check.summary),
      ]),
    ),
  ].join('\n');
  return [
    `${figures.join(', ')}.`,
    ...open.map(
      (check) => `- ${STATUS[check.status]}: **${escapeForGitHub(check.name)}** ${escapeForGitHub(check.summary)}`,
    ),
    folded(`All ${count(results.length, 'check')}`, table),
    ...(details
      ? results
          .filter((check) => check.status !== 'pass' && check.detail !== '')
          .map((check) => folded(check.name, markdownBlock(cut(check.detail, DETAIL_LIMIT))))
      : []),
  ].join('\n\n');
}

function duration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '';
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** What Helm renders, folded by environment. Environments that render alike are told once. */
export function renderedManifests({ rendered = [] }: PullRequestInput): string {
  const byText = new Map<string, string[]>();
  for (const { environment, text } of rendered) byText.set(text, [...(byText.get(text) ?? []), environment]);
  return [...byText]
    .map(([text, environments]) => {
      const documents = documentsIn(text).length;
      return folded(`${environments.join(', ')}: ${count(documents, 'document')}`, markdownBlock(text, 'yaml'));
    })
    .join('\n\n');
}
