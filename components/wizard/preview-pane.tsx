'use client';
/** The pull request beside the form. */
import { DiffPane } from '@/components/diff/diff-pane';
import { commitTitles } from '@/components/diff/commit-titles';
import type { Trace } from '@/components/diff/ink';
import { useWizard } from './wizard-context';

/** What a part of the spec is called where it is left out of the preview. */
const partNames: Record<string, string> = {
  purpose: 'The purpose',
  category: 'The category',
  owner: 'The owner',
  'runtime.source': 'What it is made from',
  'runtime.compose': 'The Compose service',
  'runtime.kubernetes': 'The chart',
  'runtime.kubernetes.autoscaling': 'The scaling',
  'runtime.kubernetes.networkPolicy': 'The network policy',
  'runtime.kubernetes.disruptionBudget': 'The disruption budget',
  'runtime.healthCheck': 'The health check',
  runtime: 'The runtime',
  routing: 'The route',
  security: 'The security settings',
  'security.oauth': 'The OAuth client',
  observability: 'What watches it',
  'observability.metrics': 'The metrics',
  messaging: 'Its queues and topics',
  delivery: 'The delivery',
  docs: 'The documents',
};

export function PreviewPane({ trace, touched }: { trace: Trace; touched: ReadonlySet<string> }) {
  const { changes, preview, stale } = useWizard();
  const files = preview?.files ?? [];
  const commits = (preview?.commits ?? []).map(({ key, files: paths }) => ({
    key,
    title: commitTitles[changes === undefined ? 'add' : 'change'][key],
    files: paths,
  }));
  const notes = preview && (preview.leftOut.length > 0 || preview.refusals.length > 0) && (
    <ul className="grid gap-2 px-4 py-3 text-12 leading-[17px] text-ink-3">
      {preview.leftOut.map(({ path, reason }) => (
        <li key={path}>
          {nameOf(path)}{' '}
          {path === 'owner' || path === 'purpose' || path === 'category' ? 'has a stand-in here' : 'is left out'}:{' '}
          {reason.charAt(0).toLowerCase() + reason.slice(1)}
        </li>
      ))}
      {preview.refusals.map((refusal) => (
        <li key={`${refusal.path}${refusal.reason}`} className="text-warn-ink">
          <span className="mono">{refusal.path}</span> is left alone: {refusal.reason}
        </li>
      ))}
    </ul>
  );
  return (
    <DiffPane
      title="The pull request"
      commits={commits}
      files={files}
      trace={trace}
      touched={touched}
      notes={notes}
      stale={stale}
      empty={
        <div className="max-w-[52ch] px-6 pt-10 text-ink-3">
          {preview ? (
            <>
              <p className="font-medium text-ink-2">
                {changes === undefined ? 'Nothing to show yet.' : 'Nothing is changed yet.'}
              </p>
              <p>
                {changes === undefined
                  ? 'Give the service a name, and every file of the pull request appears here, line by line, as you type.'
                  : `Main has ${changes} exactly as the form says. Every line that is to be different appears here as you type.`}
              </p>
            </>
          ) : (
            <p role="status">Reading the platform repository</p>
          )}
        </div>
      }
    />
  );
}

/** What a row of a list is called. */
const rowNames: Record<string, string> = {
  ports: 'Port',
  secrets: 'Secret',
  environment: 'Variable',
  volumes: 'Volume',
  aliases: 'Alias',
  alerts: 'Alert',
  queues: 'Queue',
  publishes: 'Topic',
  dashboards: 'Dashboard',
};

function nameOf(path: string): string {
  const row = /(\w+)\.(\d+)$/.exec(path);
  if (row) return `${rowNames[row[1] ?? ''] ?? 'Row'} ${Number(row[2]) + 1}`;
  return partNames[path] ?? path;
}
