'use client';
/** Who may reach it, and which secrets it reads. */
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { Note } from '@/components/ui/note';
import { emptySecret, type DraftForm } from '@/lib/wizard/draft-form';
import { ChoiceField } from './choice-field';
import { CheckField, LongTextField, SelectField, TextField } from './fields';
import { RowList } from './row-list';
import { useWizard } from './wizard-context';

const postures = [
  {
    value: 'forward-auth',
    title: 'Behind the platform’s sign-in',
    text: 'Traefik asks the identity provider before anyone reaches it. Right for everything that has no sign-in of its own.',
  },
  {
    value: 'own-oauth',
    title: 'Signs people in itself',
    text: 'It is an OAuth client of its own and trusts the platform’s identity provider.',
  },
  { value: 'public', title: 'Public', text: 'Anyone who reaches the host gets in. Reviewers read the reason first.' },
] as const;

export function SecurityStep() {
  const { preview } = useWizard();
  const { control } = useFormContext<DraftForm>();
  const access = useWatch({ control, name: 'security.access' });
  const secrets = useWatch({ control, name: 'security.secrets' });
  const mtls = useWatch({ control, name: 'security.mtls' });
  const { fields, append, remove } = useFieldArray({ control, name: 'security.secrets' });
  const byHand = preview?.findings.filter(({ kind }) => kind.includes('mtls')) ?? [];
  return (
    <div className="grid gap-5">
      <ChoiceField path="security.access" label="Who may reach it" options={postures} />
      {access === 'public' ? (
        <LongTextField
          path="security.publicReason"
          also={['security']}
          label="Why it may be public"
          required
          placeholder="Serves only the status page, without names or numbers of customers"
        />
      ) : null}
      <div>
        <CheckField path="security.mtls">Mutual TLS with a SPIFFE identity</CheckField>
        <p className="ml-[21px] text-12 text-ink-3">For services that talk to others without a person in between.</p>
        {mtls
          ? byHand.map(({ message }) => (
              <Note key={message} tone="warn">
                {message}
              </Note>
            ))
          : null}
      </div>
      <RowList
        label="Secrets"
        hint="Names only. The value is set in the secret store; it has no place here, and the pull request is refused if one slips in."
        rows={fields}
        add="Add secret"
        onAdd={() => append(emptySecret())}
        onRemove={remove}
        nameOf={(index) => secrets[index]?.name || `secret ${index + 1}`}
      >
        {(index) => (
          <div className="grid grid-cols-2 gap-2 max-md:grid-cols-1">
            <TextField
              path={`security.secrets.${index}.name`}
              label="Name in the store"
              mono
              placeholder="livekit-egress/api-key"
            />
            <TextField
              path={`security.secrets.${index}.environment`}
              label="Variable with the name"
              mono
              placeholder="LIVEKIT_EGRESS_SECRET_NAME"
            />
            <TextField path={`security.secrets.${index}.purpose`} label="What it opens" placeholder="LiveKit’s API" />
            <SelectField path={`security.secrets.${index}.source`} label="Who sets it">
              <option value="provided">A person sets it</option>
              <option value="generated">The platform makes one up</option>
            </SelectField>
          </div>
        )}
      </RowList>
    </div>
  );
}
