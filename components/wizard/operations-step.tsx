'use client';
/** What watches it, which queues it reads, and how its own code is delivered. */
import { useFormContext, useWatch } from 'react-hook-form';
import { defaultDelivery, type DraftForm } from '@/lib/wizard/draft-form';
import { CheckField, SelectField, TextField } from './fields';
import { GroupSwitch } from './group-switch';
import { MessagingFields } from './messaging-fields';
import { ObservabilityFields } from './observability-fields';
import { TextList } from './text-list';
import { useWizard } from './wizard-context';

export function OperationsStep() {
  return (
    <div className="grid gap-5">
      <ObservabilityFields />
      <MessagingFields />
      <DeliveryFields />
    </div>
  );
}

function DeliveryFields() {
  const { options } = useWizard();
  const { control } = useFormContext<DraftForm>();
  const kind = useWatch({ control, name: 'runtime.source.kind' });
  const context = useWatch({ control, name: 'runtime.source.context' });
  const on = useWatch({ control, name: 'delivery' }) !== null;
  // Nothing to deliver for an image that somebody else builds; what was turned on has to stay in sight, with its answer.
  if ((kind !== 'build' || !options.delivery) && !on) return null;
  return (
    <GroupSwitch
      path="delivery"
      label="Deliver it from this repository"
      hint="A GitHub workflow: verify, build with SBOM and scan, sign, push, promote."
      initial={defaultDelivery}
    >
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <SelectField path="delivery.toolchain" also={['delivery']} label="Toolchain">
          <option value="docker">Only its Dockerfile</option>
          <option value="node">Node.js</option>
          <option value="python">Python</option>
          <option value="go">Go</option>
        </SelectField>
        <TextField
          path="delivery.path"
          label="Folder"
          optional
          mono
          placeholder={context || 'services/livekit-egress'}
          hint="Changes here start it; the build context where empty."
        />
      </div>
      <TextList
        path="delivery.verify"
        label="Commands that verify it"
        hint="In its folder; the toolchain’s usual ones where empty."
        add="Add command"
        placeholder="npm test"
      />
      <div>
        <CheckField path="delivery.promote">Put new images into the environments’ values</CheckField>
        <p className="ml-[21px] text-12 text-ink-3">Dev and staging by commit, prod by pull request.</p>
      </div>
    </GroupSwitch>
  );
}
