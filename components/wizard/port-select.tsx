'use client';
/** One of the service's TCP ports by name; the first where none is chosen. */
import { useFormContext, useWatch } from 'react-hook-form';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { SelectField } from './fields';

export function PortSelect({
  path,
  also,
  label,
}: {
  path: 'runtime.healthCheck.port' | 'routing.port' | 'observability.metrics.port';
  also?: readonly string[];
  label: string;
}) {
  const { control } = useFormContext<DraftForm>();
  const ports = useWatch({ control, name: 'ports' });
  return (
    <SelectField path={path} label={label} {...(also ? { also } : {})}>
      <option value="">The first one</option>
      {ports
        .filter(({ name, protocol }) => name !== '' && protocol === 'tcp')
        .map(({ name, internal }) => (
          <option key={name} value={name}>
            {name} ({internal})
          </option>
        ))}
    </SelectField>
  );
}
