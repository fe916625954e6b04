'use client';
/** Where it runs and what it needs there. */
import { useFormContext, useWatch } from 'react-hook-form';
import {
  defaultCompose,
  defaultHealthCheck,
  emptyVariable,
  emptyVolume,
  type DraftForm,
} from '@/lib/wizard/draft-form';
import { CheckField, SelectField, TextField } from './fields';
import { GroupSwitch } from './group-switch';
import { KubernetesFields } from './kubernetes-fields';
import { PortSelect } from './port-select';
import { FieldRows } from './field-rows';
import { TextList } from './text-list';
import { useWizard } from './wizard-context';

export function RuntimeStep() {
  const { options } = useWizard();
  const { control } = useFormContext<DraftForm>();
  const category = useWatch({ control, name: 'category' });
  const stack = useWatch({ control, name: 'runtime.compose.stack' });
  const usual = options.categories.find(({ name }) => name === category)?.stack;
  const neighbours = options.services.filter((service) => service.stack === (stack || usual));
  return (
    <div className="grid gap-5">
      <GroupSwitch path="runtime.compose" label="Run it with Compose" initial={defaultCompose}>
        <SelectField
          path="runtime.compose.stack"
          also={['runtime.compose']}
          label="Stack"
          hint={usual ? `The category’s stack is ${usual}.` : 'The category names no stack.'}
        >
          <option value="">{usual ? `From the category (${usual})` : 'The platform’s usual one'}</option>
          {options.stacks.map(({ name, file }) => (
            <option key={name} value={name}>
              {name} ({file})
            </option>
          ))}
        </SelectField>
        <TextList
          path="runtime.compose.networks"
          label="Further networks"
          hint={`It joins ${options.networks.defaultNetwork} by default; name others only for an isolated stack.`}
          add="Add network"
          list="networks"
        />
        <datalist id="networks">
          {options.networks.others.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <TextList
          path="runtime.compose.profiles"
          label="Compose profiles"
          hint="It starts only where one of them is asked for."
          add="Add profile"
        />
        {options.rootFile && options.stacks.length > 0 ? (
          <div>
            <CheckField path="runtime.compose.alsoInRoot">Write it into {options.rootFile} as well</CheckField>
            <p className="ml-[21px] text-12 text-ink-3">
              That file and the stacks are alternatives: only where both are kept up.
            </p>
          </div>
        ) : null}
        <TextList
          path="runtime.dependsOn"
          label="Starts after"
          hint="Services of the same stack; Compose refuses others."
          add="Add service"
          list="neighbours"
        />
        <datalist id="neighbours">
          {neighbours.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </GroupSwitch>
      {options.kubernetes ? <KubernetesFields /> : null}
      <GroupSwitch path="runtime.healthCheck" label="It answers a health check" initial={defaultHealthCheck}>
        <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)] gap-2 max-md:grid-cols-2">
          <TextField path="runtime.healthCheck.path" label="Path" mono placeholder="/healthz" />
          <TextField path="runtime.healthCheck.intervalSeconds" label="Every (s)" mono inputMode="numeric" />
          <TextField path="runtime.healthCheck.timeoutSeconds" label="Timeout (s)" mono inputMode="numeric" />
          <TextField path="runtime.healthCheck.retries" label="Retries" mono inputMode="numeric" />
        </div>
        <PortSelect path="runtime.healthCheck.port" label="Port that answers" />
      </GroupSwitch>
      <Variables />
      <Volumes />
    </div>
  );
}

function Variables() {
  return (
    <FieldRows
      path="runtime.environment"
      label="Environment"
      hint="Settings, never secrets: those stand under Security, by name."
      add="Add variable"
      empty={emptyVariable}
      noun="variable"
      nameOf={(row) => row.name}
    >
      {(index) => (
        <div className="grid grid-cols-2 gap-2">
          <TextField path={`runtime.environment.${index}.name`} label="Name" hideLabel mono placeholder="LOG_LEVEL" />
          <TextField path={`runtime.environment.${index}.value`} label="Value" hideLabel mono placeholder="info" />
        </div>
      )}
    </FieldRows>
  );
}

function Volumes() {
  const { control } = useFormContext<DraftForm>();
  const volumes = useWatch({ control, name: 'runtime.volumes' });
  return (
    <FieldRows
      path="runtime.volumes"
      label="Volumes"
      add="Add volume"
      empty={emptyVolume}
      noun="volume"
      nameOf={(row) => row.target}
    >
      {(index) => (
        <div className="grid grid-cols-[132px_minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-2 max-md:grid-cols-1">
          <SelectField path={`runtime.volumes.${index}.source.kind`} label="Kind" hideLabel>
            <option value="volume">Named volume</option>
            <option value="path">Path here</option>
          </SelectField>
          {volumes[index]?.source.kind === 'path' ? (
            <TextField
              path={`runtime.volumes.${index}.source.path`}
              label="Path in the repository"
              hideLabel
              mono
              placeholder="config/livekit"
            />
          ) : (
            <TextField
              path={`runtime.volumes.${index}.source.name`}
              label="Volume name"
              hideLabel
              mono
              placeholder="livekit_data"
            />
          )}
          <TextField
            path={`runtime.volumes.${index}.target`}
            label="Path in the container"
            hideLabel
            mono
            placeholder="/data"
          />
          <div className="flex min-h-(--h-control) items-center">
            <CheckField path={`runtime.volumes.${index}.readOnly`}>read-only</CheckField>
          </div>
        </div>
      )}
    </FieldRows>
  );
}
