'use client';
/** When Kubernetes runs more of the service, and how many stay up while nodes are emptied. */
import { useFormContext, useWatch } from 'react-hook-form';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { RowAnswers, SelectField, TextField } from './fields';

const limits = [
  { path: 'runtime.kubernetes.autoscaling.min', label: 'At least' },
  { path: 'runtime.kubernetes.autoscaling.max', label: 'At most' },
] as const;

/** What is said below the row of each kind: beside each other there is no room for it. */
const answered = {
  load: [
    ...limits,
    { path: 'runtime.kubernetes.autoscaling.cpuPercent', label: 'CPU' },
    { path: 'runtime.kubernetes.autoscaling.memoryPercent', label: 'Memory' },
  ],
  queue: [
    ...limits,
    { path: 'runtime.kubernetes.autoscaling.queue', label: 'Queue' },
    { path: 'runtime.kubernetes.autoscaling.messagesPerReplica', label: 'Messages each' },
  ],
} as const;

export function ScalingFields() {
  const { control } = useFormContext<DraftForm>();
  const kind = useWatch({ control, name: 'runtime.kubernetes.autoscaling.kind' });
  const wanted = useWatch({ control, name: 'runtime.kubernetes.autoscaling.queue' });
  const queues = useWatch({ control, name: 'messaging.queues' });
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,3fr)] gap-2 max-md:grid-cols-1">
        <TextField
          path="runtime.kubernetes.replicas"
          also={['runtime.kubernetes.environments', 'runtime.kubernetes']}
          label="Replicas"
          mono
          inputMode="numeric"
        />
        <SelectField
          path="runtime.kubernetes.autoscaling.kind"
          also={['runtime.kubernetes.autoscaling']}
          label="Scaling"
        >
          <option value="">Stays the same</option>
          <option value="load">Follows the load (HPA)</option>
          <option value="queue">Follows a queue (KEDA)</option>
        </SelectField>
      </div>
      {kind === 'load' || kind === 'queue' ? (
        <div>
          <div className="grid grid-cols-4 gap-2 max-md:grid-cols-2">
            <TextField
              path="runtime.kubernetes.autoscaling.min"
              label="At least"
              quiet
              mono
              inputMode="numeric"
              placeholder={kind === 'load' ? '1' : '0'}
            />
            <TextField path="runtime.kubernetes.autoscaling.max" label="At most" quiet mono inputMode="numeric" />
            {kind === 'load' ? (
              <>
                <TextField
                  path="runtime.kubernetes.autoscaling.cpuPercent"
                  label="CPU (%)"
                  quiet
                  mono
                  inputMode="numeric"
                />
                <TextField
                  path="runtime.kubernetes.autoscaling.memoryPercent"
                  label="Memory (%)"
                  quiet
                  mono
                  placeholder="none"
                  inputMode="numeric"
                />
              </>
            ) : (
              <>
                <TextField
                  path="runtime.kubernetes.autoscaling.queue"
                  label="Queue"
                  quiet
                  mono
                  placeholder="egress-jobs"
                  list="queues"
                />
                <datalist id="queues">
                  {queues
                    .filter(({ name }) => name !== '')
                    .map(({ name }) => (
                      <option key={name} value={name} />
                    ))}
                </datalist>
                <TextField
                  path="runtime.kubernetes.autoscaling.messagesPerReplica"
                  label="Messages each"
                  quiet
                  mono
                  inputMode="numeric"
                />
              </>
            )}
          </div>
          <RowAnswers fields={answered[kind]} />
          {kind === 'queue' && wanted === '' && queues.every(({ name }) => name === '') ? (
            <p className="mt-1 text-12 text-ink-3">The queue itself is described two steps on, under Operations.</p>
          ) : null}
        </div>
      ) : null}
      <TextField
        path="runtime.kubernetes.disruptionBudget.minAvailable"
        also={['runtime.kubernetes.disruptionBudget']}
        label="Stay up while nodes are emptied"
        optional
        mono
        placeholder="1 or 50%"
      />
    </>
  );
}
