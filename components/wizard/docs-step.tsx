'use client';
/** What is written down, and where the work is followed. */
import { emptyDashboard } from '@/lib/wizard/draft-form';
import { CheckField, TextField } from './fields';
import { FieldRows } from './field-rows';
import { useWizard } from './wizard-context';

export function DocsStep() {
  const { options, preview } = useWizard();
  return (
    <div className="grid gap-5">
      <div>
        <CheckField path="docs.runbook">Write a runbook page</CheckField>
        <p className="ml-[21px] text-12 text-ink-3">
          {preview?.runbook
            ? preview.runbook.numbered
              ? `It becomes ${preview.runbook.name}: the next number that no file, no row of the catalog and no open request has.`
              : `It becomes ${preview.runbook.path}, named as the pages beside it.`
            : 'In the repository’s runbooks, named as the pages there.'}
        </p>
      </div>
      <div>
        <CheckField path="docs.trackerIssue">Open an issue in the backlog</CheckField>
        <p className="ml-[21px] text-12 text-ink-3">
          {options.tracker
            ? 'In Notion, linked with the pull request both ways; the runbook gets its page there too.'
            : 'No tracker is configured here, so none is opened.'}
        </p>
      </div>
      <FieldRows
        path="docs.dashboards"
        label="Dashboards"
        hint="Grafana, Loki, Jaeger and Argo CD are linked from the platform’s profile; add what is not there."
        add="Add dashboard"
        empty={emptyDashboard}
        noun="dashboard"
        nameOf={(row) => row.title}
      >
        {(index) => (
          <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,2fr)] gap-2 max-md:grid-cols-1">
            <TextField path={`docs.dashboards.${index}.title`} label="Title" hideLabel placeholder="Rooms" />
            <TextField
              path={`docs.dashboards.${index}.url`}
              label="Address"
              hideLabel
              mono
              placeholder="https://grafana.example.com/d/rooms"
            />
          </div>
        )}
      </FieldRows>
    </div>
  );
}
