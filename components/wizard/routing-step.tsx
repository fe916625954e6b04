'use client';
/** The host under which people and services find it. */
import { useFormContext, useWatch } from 'react-hook-form';
import { defaultRouting, type DraftForm } from '@/lib/wizard/draft-form';
import { CheckField, TextField } from './fields';
import { GroupSwitch } from './group-switch';
import { PortSelect } from './port-select';
import { TextList } from './text-list';
import { useWizard } from './wizard-context';

export function RoutingStep() {
  const { options, preview } = useWizard();
  const { control } = useFormContext<DraftForm>();
  const name = useWatch({ control, name: 'name' });
  return (
    <GroupSwitch
      path="routing"
      label="Give it a host"
      hint="Off for what only other services reach, inside the network."
      initial={defaultRouting}
    >
      <TextField
        path="routing.host"
        also={['routing']}
        label="Host"
        mono
        placeholder={preview?.filledIn['routing.host'] ?? `${name || 'service'}.${options.platform.domain}`}
        hint="Left empty it follows from the name and the platform’s domain."
      />
      <TextList
        path="routing.aliases"
        label="Aliases"
        hint="Other hosts that lead to it."
        add="Add alias"
        placeholder={`egress.${options.platform.domain}`}
      />
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <TextField
          path="routing.path"
          label="Path"
          optional
          mono
          placeholder="/api"
          hint="Only what begins with it is routed here."
        />
        <PortSelect path="routing.port" label="Port that is routed" />
      </div>
      <div>
        <CheckField path="routing.sse">It streams (server-sent events)</CheckField>
        <p className="ml-[21px] text-12 text-ink-3">
          Buffering off and timeouts of an hour, so that streams are not cut.
        </p>
      </div>
      {options.twinDomain ? (
        <div>
          <CheckField path="routing.twin">Reach it under {options.twinDomain} as well</CheckField>
          <p className="ml-[21px] text-12 text-ink-3">
            A second router, for each host under {options.platform.domain}.
          </p>
        </div>
      ) : null}
    </GroupSwitch>
  );
}
