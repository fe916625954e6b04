'use client';
/** What it is, what it is for and who keeps it. */
import { useFormContext, useWatch } from 'react-hook-form';
import { AnswerLine } from '@/components/ui/answer-line';
import { Segmented } from '@/components/ui/segmented';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { LockedField, SelectField, TextField } from './fields';
import { TextList } from './text-list';
import { useAnswer, useWizard } from './wizard-context';

export function BasicsStep() {
  const { changes, options, preview } = useWizard();
  const { control, setValue } = useFormContext<DraftForm>();
  const kind = useWatch({ control, name: 'runtime.source.kind' });
  const category = useWatch({ control, name: 'category' });
  const chosen = options.categories.find(({ name }) => name === category);
  return (
    <div className="grid gap-4">
      {changes === undefined ? (
        <TextField
          path="name"
          label="Name"
          required
          mono
          firstField
          placeholder="livekit-egress"
          hint="Becomes the container, the host and the chart. Lower-case letters, digits and hyphens."
        />
      ) : (
        <LockedName name={changes} />
      )}
      <TextField
        path="purpose"
        label="Purpose"
        required
        firstField={changes !== undefined}
        placeholder="Records rooms and streams them out"
        hint="One sentence, as you would say it to somebody at three in the morning."
      />
      <div className="grid gap-4 md:grid-cols-2">
        {changes === undefined ? (
          <SelectField
            path="category"
            label="Category"
            required
            hint={chosen ? settledBy(chosen) : 'Settles the port pool, the stack and the usual owner.'}
          >
            <option value="">Choose</option>
            {options.categories.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </SelectField>
        ) : (
          <LockedField
            label="Category"
            value={chosen?.title ?? category}
            hint="Stays: it decided the port pool and the stack in which the service stands."
          />
        )}
        <TextField
          path="owner"
          label="Owner"
          mono
          list="owners"
          placeholder={preview?.filledIn.owner ?? chosen?.owner ?? 'team'}
          hint="The team that answers for it."
        />
        <datalist id="owners">
          {options.owners.map((owner) => (
            <option key={owner} value={owner} />
          ))}
        </datalist>
      </div>
      <div className="grid gap-2">
        <div className="flex items-center gap-3">
          <span className="font-medium">Made from</span>
          <Segmented
            label="Made from"
            value={kind}
            options={[
              { value: 'image', label: 'An image' },
              { value: 'build', label: 'Code in this repository' },
            ]}
            onChange={(value) => setValue('runtime.source.kind', value, { shouldDirty: true })}
          />
        </div>
        {kind === 'image' ? (
          <TextField
            path="runtime.source.image"
            also={['runtime.source']}
            label="Image"
            required
            mono
            placeholder="livekit/egress:v1.9.0"
            hint="With a tag or a digest, so that everyone runs the same."
          />
        ) : (
          <div className="grid gap-4 md:grid-cols-2">
            <TextField
              path="runtime.source.context"
              also={['runtime.source']}
              label="Folder"
              required
              mono
              placeholder="services/livekit-egress"
            />
            <TextField path="runtime.source.dockerfile" label="Dockerfile" optional mono placeholder="Dockerfile" />
          </div>
        )}
      </div>
      <div className="grid gap-4 md:grid-cols-2">
        <TextField path="displayName" label="Display name" optional placeholder="LiveKit Egress" />
        <SelectField path="lifecycle" label="Lifecycle">
          <option value="experimental">Experimental</option>
          <option value="beta">Beta</option>
          <option value="production">Production</option>
          <option value="deprecated">Deprecated</option>
        </SelectField>
      </div>
      <TextList
        path="maintainers"
        label="Maintainers"
        hint="Logins or e-mail addresses, for the runbook."
        add="Add maintainer"
        placeholder="erin"
      />
    </div>
  );
}

/** What is wrong with it is said here all the same: another request may be under way for it. */
function LockedName({ name }: { name: string }) {
  const answer = useAnswer('name');
  return (
    <div>
      <LockedField
        label="Name"
        value={name}
        mono
        hint="A service keeps its name, since containers, hosts and pages go by it. To rename it, add the new one, move over, then remove this one."
      />
      <AnswerLine answer={answer} />
    </div>
  );
}

function settledBy({
  pool,
  stack,
  owner,
}: {
  pool: string | undefined;
  stack: string | undefined;
  owner: string | undefined;
}): string {
  const parts = [
    pool ? `pool ${pool}` : undefined,
    stack ? `stack ${stack}` : undefined,
    owner ? `owner ${owner}` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'Nothing follows from this category.' : `From it follow: ${parts.join(', ')}.`;
}
