'use client';
/** The pool as a strip, the ports as rows, and what they were compared with. */
import { Plus, X } from 'lucide-react';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { PortPicker } from '@/components/ui/port-picker';
import { emptyPort, type DraftForm } from '@/lib/wizard/draft-form';
import { parsePortRange } from '@/lib/services/port-range';
import type { Preview } from '@/lib/wizard/preview';
import { ComparedRows } from './compared-rows';
import { RowAnswers, SelectField, TextField } from './fields';
import { useWizard } from './wizard-context';

export function PortsStep() {
  const { preview, options } = useWizard();
  const { control, setValue } = useFormContext<DraftForm>();
  const { fields, append, remove } = useFieldArray({ control, name: 'ports' });
  const ports = useWatch({ control, name: 'ports' });
  const { focused } = useWizard();
  const row = Number(/^ports\.(\d+)\./.exec(focused ?? '')?.[1] ?? 0);
  return (
    <div>
      {preview?.pool ? (
        <section aria-label={`Pool ${preview.pool.name}`} className="mb-[18px]">
          <header className="mb-2.5 flex items-baseline gap-2.5">
            <h2 className="font-semibold">Pool {preview.pool.name}</h2>
            <span className="mono text-ink-2">
              {preview.pool.from}–{preview.pool.to}
            </span>
            <span className="text-ink-3 max-md:hidden">from the category, on {options.platform.host}</span>
          </header>
          <PoolPicker pool={preview.pool} preview={preview} ports={ports} row={row} onPick={(port) => pick(port)} />
        </section>
      ) : (
        <p className="mb-4 text-ink-3">
          Choose a category with a port pool under Basics to see which ports are free; any number can be typed below.
        </p>
      )}
      <div className="border-t border-line-strong">
        <div
          aria-hidden="true"
          className={`${grid} border-b border-line text-12 leading-7 font-medium text-ink-3 max-md:hidden`}
        >
          <span>Name</span>
          <span>Protocol</span>
          <span>In container</span>
          <span>On host</span>
          <span>Why</span>
          <span />
        </div>
        {fields.map((field, index) => (
          <div
            key={field.rowId}
            role="group"
            aria-label={`Port ${ports[index]?.name || index + 1}`}
            className="border-b border-line pt-[9px] pb-2"
          >
            <div className={grid}>
              <TextField path={`ports.${index}.name`} label="Name" hideLabel="wide" quiet placeholder="http" />
              <SelectField path={`ports.${index}.protocol`} label="Protocol" hideLabel="wide" quiet>
                <option value="tcp">TCP</option>
                <option value="udp">UDP</option>
              </SelectField>
              <TextField
                path={`ports.${index}.internal`}
                label="In container"
                hideLabel="wide"
                quiet
                mono
                placeholder="8080"
              />
              <TextField
                path={`ports.${index}.external`}
                label="On host"
                hideLabel="wide"
                quiet
                mono
                placeholder="auto"
                {...(ports[index]?.external === 'auto' ? { suffix: numberOf(ports[index].name, preview) } : {})}
              />
              <TextField path={`ports.${index}.why`} label="Why" hideLabel="wide" quiet placeholder="HTTP API" />
              <Button
                variant="ghost"
                size="sm"
                icon
                aria-label={`Remove port ${ports[index]?.name || index + 1}`}
                onClick={() => remove(index)}
                className="mt-0.5 max-md:mb-0.5 max-md:self-end max-md:justify-self-end"
              >
                <X aria-hidden="true" className="size-3.5" />
              </Button>
            </div>
            <RowAnswers
              fields={[
                { path: `ports.${index}.name`, label: 'Name' },
                { path: `ports.${index}.internal`, label: 'In container' },
                { path: `ports.${index}.external`, label: 'On host' },
                { path: `ports.${index}.why`, label: 'Why' },
              ]}
            />
          </div>
        ))}
      </div>
      <Button
        variant="ghost"
        size="sm"
        className="mt-2 -ml-2"
        onClick={() => append({ ...emptyPort(), name: fields.length === 0 ? 'http' : '' })}
      >
        <Plus aria-hidden="true" className="size-3.5" />
        Add port
      </Button>
      <p className="mt-1 text-12 text-ink-3">
        On host: <span className="mono">auto</span> takes the next free one of the pool,{' '}
        <span className="mono">none</span> publishes nothing, a number or a range (
        <span className="mono">7894-7899</span>) is taken as it is.
      </p>
      <ComparedRows />
    </div>
  );

  function pick(port: number) {
    const size = sizeOf(ports[row]?.internal);
    if (ports[row] === undefined) append({ ...emptyPort(), external: String(port) });
    else
      setValue(`ports.${row}.external`, size === 1 ? String(port) : `${port}-${port + size - 1}`, {
        shouldDirty: true,
        shouldTouch: true,
      });
  }
}

const grid =
  'grid grid-cols-[minmax(64px,5fr)_72px_minmax(60px,5fr)_minmax(96px,6fr)_minmax(80px,6fr)_24px] gap-2 max-md:grid-cols-2';

function sizeOf(internal: string | undefined): number {
  const range = internal === undefined ? undefined : parsePortRange(internal);
  return range ? range.to - range.from + 1 : 1;
}

function numberOf(name: string, preview: Preview | undefined): string {
  const port = preview?.ports.find((one) => one.name === name);
  if (!port) return '';
  return port.from === port.to ? String(port.from) : `${port.from}–${port.to}`;
}

interface PickerProps {
  pool: NonNullable<Preview['pool']>;
  preview: Preview;
  ports: DraftForm['ports'];
  row: number;
  onPick: (port: number) => void;
}

function PoolPicker({ pool, preview, ports, row, onPick }: PickerProps) {
  const taken = pool.segments.map(({ from, to, state, label }) => ({
    from,
    to,
    owner: label,
    state: state === 'taken' ? ('taken' as const) : ('held' as const),
  }));
  const clashing = new Set(preview.answers.filter(({ status }) => status === 'taken').map(({ path }) => path));
  const mine = ports.flatMap((port, index) => {
    const resolved = preview.ports.find((one) => one.name === port.name);
    const range = parsePortRange(port.external) ?? resolved;
    if (!range || port.external === 'none') return [];
    const clash = clashing.has(`ports.${index}.external`);
    return [
      {
        from: range.from,
        to: range.to,
        owner: port.name || `port ${index + 1}`,
        state: clash ? ('clash' as const) : ('yours' as const),
        lit: index === row,
      },
    ];
  });
  const flags = mine.map(({ from, owner, state }) => ({ port: from, label: owner, tone: state }));
  return (
    <PortPicker
      pool={pool}
      spans={[...taken, ...mine]}
      flags={flags}
      label={`Port on the host for ${ports[row]?.name || 'a new port'}`}
      yours="this draft"
      onPick={onPick}
      {...(mine[row] ? { selected: mine[row].from } : {})}
    />
  );
}
