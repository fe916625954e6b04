'use client';
/** Who may reach it, and which secrets it reads. */
import { useFormContext, useWatch } from 'react-hook-form';
import { defaultOauth, emptySecret, type DraftForm } from '@/lib/wizard/draft-form';
import { ChoiceField } from './choice-field';
import { CheckField, LongTextField, SelectField, TextField } from './fields';
import { FieldRows } from './field-rows';
import { useWizard } from './wizard-context';
import { GroupSwitch } from './group-switch';

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
  const { control } = useFormContext<DraftForm>();
  const access = useWatch({ control, name: 'security.access' });
  const mtls = useWatch({ control, name: 'security.mtls' });
  const name = useWatch({ control, name: 'name' });
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
      {access === 'own-oauth' ? <OauthFields /> : null}
      <div>
        <CheckField path="security.mtls">Mutual TLS with a SPIFFE identity</CheckField>
        <p className="ml-[21px] text-12 text-ink-3">For services that talk to others without a person in between.</p>
        {mtls ? (
          <TextField
            path="workload"
            label="Short name of the workload"
            optional
            mono
            placeholder={name || 'livekit-egress'}
            hint="For its helper, certificates and SPIFFE identity, where it is not the service’s name."
            className="mt-3 ml-[21px] max-w-96 max-md:ml-0"
          />
        ) : null}
      </div>
      <FieldRows
        path="security.secrets"
        label="Secrets"
        hint="Names only. The value is set in the secret store; it has no place here, and the pull request is refused if one slips in."
        add="Add secret"
        empty={emptySecret}
        noun="secret"
        nameOf={(row) => row.name}
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
            <TextField
              path={`security.secrets.${index}.purpose`}
              label="What it opens"
              placeholder="LiveKit’s API"
              className="col-span-full"
            />
            <SelectField path={`security.secrets.${index}.source`} label="Who sets it">
              <option value="provided">A person sets it</option>
              <option value="generated">The platform makes one up</option>
            </SelectField>
            <SelectField path={`security.secrets.${index}.store`} label="Kept in">
              <option value="secret">Secrets Manager</option>
              <option value="parameter">Parameter Store</option>
            </SelectField>
          </div>
        )}
      </FieldRows>
    </div>
  );
}

function OauthFields() {
  const { options } = useWizard();
  return (
    <GroupSwitch
      path="security.oauth"
      label="Wire its OAuth client"
      hint={
        options.oauthIssuer
          ? `At ${options.oauthIssuer}. Its id and password stand in one secret; the service gets the secret’s name.`
          : 'Its id and password stand in one secret; the service gets the secret’s name.'
      }
      initial={defaultOauth}
    >
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <TextField
          path="security.oauth.callbackPath"
          also={['security.oauth']}
          label="Path that it is called back at"
          mono
          placeholder="/oauth2/callback"
        />
        <TextField
          path="security.oauth.clientId"
          label="Client id"
          optional
          mono
          hint="Where the client is registered already."
        />
        <TextField path="security.oauth.secretEnvironment" label="Variable: the secret’s name" mono />
        <TextField path="security.oauth.clientIdEnvironment" label="Variable: client id" mono />
        <TextField path="security.oauth.issuerEnvironment" label="Variable: issuer" mono />
        <TextField path="security.oauth.callbackEnvironment" label="Variable: callback address" mono />
      </div>
    </GroupSwitch>
  );
}
