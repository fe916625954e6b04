'use client';
/** When Kubernetes runs more of the service, and how many stay up while nodes are emptied. */
import { useFormContext, useWatch } from 'react-hook-form';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { SelectField, TextField } from './fields';

export function ScalingFields() {
  const { control } = useFormContext<DraftForm>();
  const kind = useWatch({ control, name: 'runtime.kubernetes.autoscaling.kind' });
  const queues = useWatch({ control, name: 'messaging.queues' });
  return (
    <>
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <SelectField
          path="runtime.kubernetes.autoscaling.kind"
          also={['runtime.kubernetes.autoscaling']}
          label="Number of replicas"
        >
          <option value="">Stays the same</option>
          <option value="load">Follows the load (HPA)</option>
          <option value="queue">Follows a queue (KEDA)</option>
        </SelectField>
        <TextField
          path="runtime.kubernetes.disruptionBudget.minAvailable"
          also={['runtime.kubernetes.disruptionBudget']}
          label="Stay up while nodes are emptied"
          optional
          mono
          placeholder="1 or 50%"
        />
      </div>
      {kind === 'load' || kind === 'queue' ? (
        <div className="grid grid-cols-4 gap-2 max-md:grid-cols-2">
          <TextField path="runtime.kubernetes.autoscaling.min" label="At least" optional mono inputMode="numeric" />
          <TextField path="runtime.kubernetes.autoscaling.max" label="At most" mono inputMode="numeric" />
          {kind === 'load' ? (
            <>
              <TextField path="runtime.kubernetes.autoscaling.cpuPercent" label="CPU (%)" mono inputMode="numeric" />
              <TextField
                path="runtime.kubernetes.autoscaling.memoryPercent"
                label="Memory (%)"
                optional
                mono
                inputMode="numeric"
              />
            </>
          ) : (
            <>
              <SelectField path="runtime.kubernetes.autoscaling.queue" label="Queue">
                <option value="">Choose one</option>
                {queues
                  .filter(({ name }) => name !== '')
                  .map(({ name }) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
              </SelectField>
              <TextField
                path="runtime.kubernetes.autoscaling.messagesPerReplica"
                label="Messages each"
                mono
                inputMode="numeric"
              />
            </>
          )}
        </div>
      ) : null}
    </>
  );
}
