'use client';
/** A service's removal before it is asked for: what it does on the left, every line of it on the right. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { commitTitles } from '@/components/diff/commit-titles';
import { DiffPane } from '@/components/diff/diff-pane';
import { useHotkeys } from '@/components/shell/hotkeys';
import { allChecks, ReviewChecks } from '@/components/wizard/review-checks';
import { useToolChecks } from '@/components/wizard/use-tool-checks';
import type { RemovalPreview } from '@/lib/workflows/preview-removal';
import { RemovalConfirm } from './removal-confirm';
import { BecomesFree, GoesAndStays, InTheWay, WhatFollows } from './removal-plan';

interface Props {
  service: string;
  preview: RemovalPreview;
}

export function Removal(props: Props) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <RemovalPage {...props} />
    </QueryClientProvider>
  );
}

function RemovalPage({ service, preview }: Props) {
  const asked = useMemo(() => ({ removes: service }), [service]);
  const tools = useToolChecks(asked, preview.digest);
  const failed = allChecks(preview.checks, tools).filter(({ status }) => status === 'fail').length;
  useHotkeys([{ keys: 'd', label: 'To the diff', run: () => document.getElementById('diff-files')?.focus() }]);
  return (
    <div className="grid min-h-0 flex-1 lg:h-[calc(100dvh-var(--h-bar)-var(--h-waterline))] lg:flex-none lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)] xl:grid-cols-[minmax(0,620px)_minmax(0,1fr)]">
      <div className="min-h-0 min-w-0 border-line bg-surface px-5 pt-4 pb-6 max-md:px-4 lg:overflow-auto lg:border-r">
        <h1 className="text-20 font-semibold tracking-[-0.015em] wrap-anywhere">Remove {service}</h1>
        <p className="mt-0.5 mb-5 max-w-[62ch] text-ink-2">
          A pull request that takes out what belongs to {service} alone. It keeps running, and keeps its ports, until
          that is merged.
        </p>
        <InTheWay preview={preview} />
        <GoesAndStays service={service} preview={preview} />
        <BecomesFree service={service} preview={preview} />
        <ReviewChecks checks={preview.checks} tools={tools} />
        <WhatFollows service={service} preview={preview} />
        <RemovalConfirm service={service} preview={preview} failed={failed} checking={tools?.kind === 'running'} />
      </div>
      <DiffPane
        title="The pull request"
        commits={preview.commits.map(({ key, files }) => ({ key, title: commitTitles.remove[key], files }))}
        files={preview.files}
        empty={<p className="px-6 pt-10 text-ink-3">No line can be taken out yet.</p>}
      />
    </div>
  );
}
