'use client';
/** What tells people that the service is well: metrics, a probe from outside, a dashboard, alerts. */
import { useFormContext, useWatch } from 'react-hook-form';
import { defaultMetrics, emptyAlert, type DraftForm } from '@/lib/wizard/draft-form';
import { CheckField, SelectField, TextField } from './fields';
import { GroupSwitch } from './group-switch';
import { PortSelect } from './port-select';
import { FieldRows } from './field-rows';

export function ObservabilityFields() {
  const { control } = useFormContext<DraftForm>();
  const routed = useWatch({ control, name: 'routing' }) !== null;
  const probed = useWatch({ control, name: 'observability.probe' });
  return (
    <>
      <GroupSwitch
        path="observability.metrics"
        label="Prometheus reads its metrics"
        hint="A scrape job on the platform, a ServiceMonitor on Kubernetes."
        initial={defaultMetrics}
      >
        <div className="grid grid-cols-[minmax(0,3fr)_minmax(0,4fr)_minmax(0,2fr)] gap-2 max-md:grid-cols-1">
          <PortSelect path="observability.metrics.port" also={['observability.metrics']} label="Port" />
          <TextField path="observability.metrics.path" label="Path" mono placeholder="/metrics" />
          <TextField path="observability.metrics.intervalSeconds" label="Every (s)" mono inputMode="numeric" />
        </div>
      </GroupSwitch>
      <div className="grid gap-3 border-t border-line pt-3">
        {routed || probed ? (
          <div>
            <CheckField path="observability.probe">Ask its host from outside</CheckField>
            <p className="ml-[21px] text-12 text-ink-3">
              The blackbox exporter asks the health check’s path, the way people reach it.
            </p>
          </div>
        ) : null}
        <div>
          <CheckField path="observability.dashboard">Make a Grafana dashboard</CheckField>
          <p className="ml-[21px] text-12 text-ink-3">As JSON in the repository: requests, errors, memory, log.</p>
        </div>
      </div>
      <Alerts />
    </>
  );
}

function Alerts() {
  return (
    <FieldRows
      path="observability.alerts"
      label="Alerts"
      hint="Each links the runbook, so that whoever is woken knows what to do."
      add="Add alert"
      empty={emptyAlert}
      noun="alert"
      nameOf={(row) => row.name}
    >
      {(index) => (
        <div className="grid gap-2">
          <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)] gap-2 max-md:grid-cols-1">
            <TextField path={`observability.alerts.${index}.name`} label="Name" mono placeholder="LivekitEgressDown" />
            <TextField path={`observability.alerts.${index}.forMinutes`} label="For (min)" mono inputMode="numeric" />
            <SelectField path={`observability.alerts.${index}.severity`} label="Severity">
              <option value="P1">P1</option>
              <option value="P2">P2</option>
              <option value="P3">P3</option>
            </SelectField>
          </div>
          <TextField
            path={`observability.alerts.${index}.expression`}
            label="Expression (PromQL)"
            mono
            placeholder={'up{job="livekit-egress"} == 0'}
          />
          <TextField
            path={`observability.alerts.${index}.summary`}
            label="What it means"
            placeholder="No instance answers Prometheus"
          />
        </div>
      )}
    </FieldRows>
  );
}
