'use client';
/** What Kubernetes runs, how many of it, and whom it may talk to. */
import { useFormContext, useWatch } from 'react-hook-form';
import { Checkbox } from '@/components/ui/checkbox';
import { defaultKubernetes, type DraftForm } from '@/lib/wizard/draft-form';
import { CheckField, SelectField, TextField } from './fields';
import { GroupSwitch } from './group-switch';
import { NetworkPolicyFields } from './network-policy-fields';
import { ScalingFields } from './scaling-fields';
import { useWizard } from './wizard-context';

const environments = ['dev', 'staging', 'prod'] as const;

export function KubernetesFields() {
  const { control, setValue } = useFormContext<DraftForm>();
  const { options } = useWizard();
  const chosen = useWatch({ control, name: 'runtime.kubernetes.environments' }) ?? [];
  return (
    <GroupSwitch
      path="runtime.kubernetes"
      label="Run it on Kubernetes"
      hint="A Helm chart with values for each environment."
      initial={defaultKubernetes}
    >
      <fieldset>
        <legend className="mb-1 font-medium">Environments</legend>
        <div className="flex gap-4">
          {environments.map((name) => (
            <Checkbox
              key={name}
              checked={chosen.includes(name)}
              onChange={(event) =>
                setValue(
                  'runtime.kubernetes.environments',
                  environments.filter((one) => (one === name ? event.target.checked : chosen.includes(one))),
                  { shouldDirty: true },
                )
              }
            >
              {name}
            </Checkbox>
          ))}
        </div>
      </fieldset>
      <div className="grid grid-cols-4 gap-2 max-md:grid-cols-2">
        <TextField path="runtime.kubernetes.resources.requests.cpu" label="CPU asked" mono />
        <TextField path="runtime.kubernetes.resources.limits.cpu" label="CPU at most" mono />
        <TextField path="runtime.kubernetes.resources.requests.memory" label="Memory asked" mono />
        <TextField path="runtime.kubernetes.resources.limits.memory" label="Memory at most" mono />
      </div>
      {options.sharedChart ? (
        <SelectField path="runtime.kubernetes.chart" label="Chart">
          <option value="">The platform’s usual way</option>
          <option value="own">A chart of its own</option>
          <option value="shared">A block in the shared chart</option>
        </SelectField>
      ) : null}
      <ScalingFields />
      <div className="grid gap-2">
        {environments
          .filter((name) => chosen.includes(name))
          .map((name) => (
            <TextField
              key={name}
              path={`runtime.kubernetes.roleArns.${name}`}
              label={`IAM role, ${name}`}
              optional
              mono
              placeholder="arn:aws:iam::123456789012:role/livekit-egress"
            />
          ))}
      </div>
      <div>
        <CheckField path="runtime.kubernetes.configMap">Keep the environment in a ConfigMap</CheckField>
        <p className="ml-[21px] text-12 text-ink-3">Instead of in the Deployment.</p>
      </div>
      <NetworkPolicyFields />
    </GroupSwitch>
  );
}
