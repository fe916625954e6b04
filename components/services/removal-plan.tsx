/** What a removal does, part by part: what is in its way, what goes, what stays, what becomes free and what people do afterwards. */
import Link from 'next/link';
import { FollowUpList } from '@/components/requests/follow-up-list';
import { Facts, type Fact } from '@/components/ui/facts';
import { Note } from '@/components/ui/note';
import { Section } from '@/components/ui/section';
import { Findings } from '@/components/wizard/review-findings';
import { Refusals } from '@/components/wizard/review-refusals';
import type { RemovalPreview } from '@/lib/workflows/preview-removal';

/** What has to be settled before it can go. */
export function InTheWay({ preview }: { preview: RemovalPreview }) {
  return (
    <>
      {preview.conflicts.length > 0 ? (
        <Section title="In the way" note="change or remove these first">
          {preview.conflicts.map(({ message, path, line, service }) => (
            <Note
              key={`${path}${line}${message}`}
              tone="bad"
              action={
                service === undefined ? null : (
                  <Link href={`/services/${encodeURIComponent(service)}`} className="link">
                    {service}
                  </Link>
                )
              }
            >
              <p>{message}</p>
              <p className="mono text-12 wrap-anywhere">
                {path}
                {line === undefined ? '' : `:${line}`}
              </p>
            </Note>
          ))}
        </Section>
      ) : null}
      <Refusals refusals={preview.refusals} />
    </>
  );
}

/** Beside the files: what of people's work goes, and what stays since others need it. */
export function GoesAndStays({ service, preview }: { service: string; preview: RemovalPreview }) {
  const files = preview.files.length;
  const deleted = preview.files.filter(({ isDeleted }) => isDeleted).length;
  const lines = preview.files.reduce((sum, file) => sum + file.removed, 0);
  const facts: Fact[] = [
    {
      label: 'Files',
      value: `${deleted} deleted, ${files - deleted} edited; ${lines} ${lines === 1 ? 'line' : 'lines'} in all`,
    },
    { label: 'Commits', value: preview.commits.map(({ subject }) => subject).join('; ') },
  ];
  return (
    <>
      <Section title="What goes" note="every line is in the diff">
        <Facts facts={facts} />
      </Section>
      <Findings title="Edited by hand" note="goes too: keep what is needed" findings={preview.handEdits} shown={5} />
      <Section title="What stays">
        {preview.kept.length === 0 && preview.runbookNumbers.length === 0 ? (
          <p className="py-2 text-ink-3">Nothing: no other service refers to any part of {service}.</p>
        ) : null}
        <ul className="text-12 leading-[18px] text-ink-2">
          {preview.kept.map((finding) => (
            <li key={`${finding.path}${finding.line}${finding.message}`} className="border-b border-line py-1.5">
              <span className="mono wrap-anywhere text-ink-3">
                {finding.path}
                {finding.line === undefined ? '' : `:${finding.line}`}
              </span>{' '}
              {finding.message}
            </li>
          ))}
          {preview.runbookNumbers.map((number) => (
            <li key={number} className="border-b border-line py-1.5">
              Its runbook’s number {number} stays its own, since old links point to it. It has it again if it comes
              back.
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

/** Ports and hosts, and from when others may have them. */
export function BecomesFree({ service, preview }: { service: string; preview: RemovalPreview }) {
  const { ports, hosts } = preview.freed;
  const facts: Fact[] = [
    ...(ports.length > 0
      ? [{ label: ports.length === 1 ? 'Port' : 'Ports', value: <span className="mono">{ports.join(' · ')}</span> }]
      : []),
    ...(hosts.length > 0
      ? [
          {
            label: hosts.length === 1 ? 'Host' : 'Hosts',
            value: <span className="mono wrap-anywhere">{hosts.join(' · ')}</span>,
          },
        ]
      : []),
    { label: 'Name', value: <span className="mono">{service}</span> },
  ];
  return (
    <Section title="What becomes free" note={`once ${preview.base.branch} has nothing of it, not before`}>
      <Facts facts={facts} />
    </Section>
  );
}

/** What people do after the merge, and what Slipway does when the button is pressed. */
export function WhatFollows({ service, preview }: { service: string; preview: RemovalPreview }) {
  const count = preview.commits.length;
  return (
    <>
      {preview.followUps.length > 0 ? (
        <Section title="After the merge" note="by people, in this order">
          <FollowUpList steps={preview.followUps.map((step) => ({ ...step, done: undefined }))} tick={undefined} />
        </Section>
      ) : null}
      <Findings
        title="Noticed, not touched"
        note="faults that are there without this change"
        findings={preview.noticed}
        shown={0}
      />
      <Section title="What happens when you submit">
        <ol className="ml-4 list-decimal py-2 leading-[22px] text-ink-2">
          <li>
            A branch with {count} {count === 1 ? 'commit' : 'commits'} and a pull request open in{' '}
            {preview.base.repository}. Nothing is taken from {service} yet.
          </li>
          <li>Operators review and merge it. Cancelled or closed, everything is as it was.</li>
          <li>
            Once {preview.base.branch} has nothing of {service}, its name, ports and hosts are free, and it leaves the
            catalog.
          </li>
        </ol>
      </Section>
    </>
  );
}
