'use client';
/** What follows when the button is pressed, in order. */
import { Section } from '@/components/ui/section';
import type { DraftForm } from '@/lib/wizard/draft-form';
import type { Preview } from '@/lib/wizard/preview';
import { useWizard } from './wizard-context';

export function WhatHappens({ content, preview }: { content: DraftForm; preview: Preview }) {
  const { changes, options } = useWizard();
  const adds = changes === undefined;
  const count = preview.commits.length;
  const { host } = options.platform;
  return (
    <Section title="What happens when you submit">
      <ol className="ml-4 list-decimal py-2 leading-[22px] text-ink-2">
        <li>
          {adds
            ? `The ports are reserved on ${host}, in the same moment as the request is written down.`
            : `New ports and hosts are reserved beside those that ${changes} has now, which stay its own meanwhile.`}
        </li>
        <li>
          A branch with {count} {count === 1 ? 'commit' : 'commits'} and a pull request open in{' '}
          {preview.base.repository}.
        </li>
        {options.tracker && content.docs.trackerIssue ? (
          <li>
            An issue opens in the backlog in Notion
            {content.docs.runbook
              ? adds
                ? ', and the runbook gets its page there'
                : ', and the runbook’s page there follows the change'
              : ''}
            .
          </li>
        ) : null}
        <li>
          Operators review and merge it.{' '}
          {adds
            ? `After the merge the service is looked for in ${preview.base.branch}, and its ports become active.`
            : `Once ${preview.base.branch} shows the change, the new ports are active, and those that ${changes} no longer has are free.`}
        </li>
      </ol>
    </Section>
  );
}
