'use client';
/** Whom the service's pods may talk to, and who may talk to them; everything else is denied. */
import { defaultNetworkPolicy, emptyPeer } from '@/lib/wizard/draft-form';
import { TextField } from './fields';
import { GroupSwitch } from './group-switch';
import { FieldRows } from './field-rows';

export function NetworkPolicyFields() {
  return (
    <GroupSwitch
      path="runtime.kubernetes.networkPolicy"
      label="Deny traffic by default"
      hint="A NetworkPolicy. DNS and the ingress controller stay allowed."
      initial={defaultNetworkPolicy}
    >
      <Peers path="runtime.kubernetes.networkPolicy.to" label="It may reach" />
      <Peers path="runtime.kubernetes.networkPolicy.from" label="It may be reached by" />
    </GroupSwitch>
  );
}

function Peers({
  path,
  label,
}: {
  path: 'runtime.kubernetes.networkPolicy.to' | 'runtime.kubernetes.networkPolicy.from';
  label: string;
}) {
  return (
    <FieldRows
      path={path}
      label={label}
      hint="Pods by service and namespace, or a block of addresses."
      add="Add peer"
      empty={emptyPeer}
      noun={`${label.toLowerCase()}, row`}
      nameOf={(row) => row.name}
    >
      {(index) => (
        <div className="grid grid-cols-6 gap-2 max-md:grid-cols-1 *:max-md:col-span-full">
          <TextField path={`${path}.${index}.name`} label="Who" placeholder="postgres" className="col-span-3" />
          <TextField
            path={`${path}.${index}.ports`}
            label="Ports"
            optional
            mono
            placeholder="5432, 6379"
            className="col-span-3"
          />
          <TextField path={`${path}.${index}.service`} label="Service" mono className="col-span-2" />
          <TextField path={`${path}.${index}.namespace`} label="Namespace" mono className="col-span-2" />
          <TextField
            path={`${path}.${index}.cidr`}
            label="Or addresses"
            mono
            placeholder="10.0.0.0/16"
            className="col-span-2"
          />
        </div>
      )}
    </FieldRows>
  );
}
