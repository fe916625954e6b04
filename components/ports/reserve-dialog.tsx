'use client';
/** Reserves ports by hand: the next free ones of a pool, or a number. What was reserved is said in the dialog, with what to think of. */
import { useRouter } from 'next/navigation';
import { useState, useTransition, type FormEvent } from 'react';
import { AnswerLine, type Answer } from '@/components/ui/answer-line';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input, Select, Textarea } from '@/components/ui/input';
import type { ActionResult } from '@/lib/http/action';
import type { HandReservedView } from '@/lib/ports/views';
import { formatPortRange, parsePortRange, portWarnings } from '@/lib/services/port-range';

export interface ReserveDefaults {
  service?: string;
  protocol?: 'tcp' | 'udp';
  /** `7880` or `7881-7892`; without it the next free one of a pool. */
  port?: string;
}

export function ReserveDialog({
  label,
  pools,
  defaults = {},
  small = false,
  reserve,
}: {
  /** On the button. */
  label: string;
  pools: readonly { name: string; free: number }[];
  defaults?: ReserveDefaults;
  small?: boolean;
  reserve: (wish: unknown, key: string) => Promise<ActionResult<HandReservedView>>;
}) {
  const router = useRouter();
  const [key, setKey] = useState<string>();
  const [pending, start] = useTransition();
  const [answer, setAnswer] = useState<Answer>();
  const [done, setDone] = useState(false);
  const [port, setPort] = useState(defaults.port ?? (pools.length > 0 ? 'auto' : ''));
  const [reason, setReason] = useState('');
  const auto = port.trim() === 'auto';

  function show(open: boolean) {
    setKey(open ? crypto.randomUUID() : undefined);
    setAnswer(undefined);
    setDone(false);
    setReason('');
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending || key === undefined) return;
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = fields.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const wish = {
      ...{ service: text('service'), portName: text('portName'), protocol: text('protocol'), reason: text('reason') },
      ...(auto ? { port: 'auto', pool: text('pool'), size: Number(text('size')) } : { port: port.trim() }),
    };
    start(async () => {
      const result = await reserve(wish, key);
      setDone(result.ok);
      // Another wish is another reservation; the same one sent again is the same.
      if (!result.ok) setKey(crypto.randomUUID());
      setAnswer(result.ok ? reserved(result.value) : { tone: 'bad', text: result.problem.detail });
      router.refresh();
    });
  }

  return (
    <>
      <Button {...(small ? { size: 'sm' as const } : {})} onClick={() => show(true)}>
        {label}
      </Button>
      <Dialog
        open={key !== undefined}
        onOpenChange={show}
        title="Reserve ports by hand"
        description="For what Slipway does not add itself. It lasts until somebody releases it."
      >
        <form onSubmit={submit} className="mt-4 grid grid-cols-2 gap-x-3 gap-y-3 max-md:grid-cols-1">
          <Field label="Service" required>
            {(control) => (
              <Input {...control} name="service" mono autoComplete="off" defaultValue={defaults.service ?? ''} />
            )}
          </Field>
          <Field label="Port’s name" required>
            {(control) => <Input {...control} name="portName" mono autoComplete="off" defaultValue="http" />}
          </Field>
          <Field
            label="Port"
            hint={pools.length > 0 ? 'A number, a range, or auto.' : 'A number or a range.'}
            answer={warning(port)}
            required
          >
            {(control) => (
              <Input
                {...control}
                mono
                autoComplete="off"
                value={port}
                onChange={(event) => setPort(event.target.value)}
              />
            )}
          </Field>
          <Field label="Protocol">
            {(control) => (
              <Select {...control} name="protocol" defaultValue={defaults.protocol ?? 'tcp'}>
                <option value="tcp">TCP</option>
                <option value="udp">UDP</option>
              </Select>
            )}
          </Field>
          {auto ? (
            <>
              <Field label="Pool">
                {(control) => (
                  <Select {...control} name="pool">
                    {pools.map(({ name, free }) => (
                      <option key={name} value={name}>
                        {name}, {free} free
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
              <Field label="How many in a row">
                {(control) => <Input {...control} name="size" type="number" min={1} max={1000} defaultValue={1} />}
              </Field>
            </>
          ) : null}
          <Field label="Reason" className="md:col-span-2" required>
            {(control) => (
              <Textarea
                {...control}
                name="reason"
                maxLength={500}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <div className="md:col-span-2">
            <AnswerLine answer={answer} />
            <div className="mt-3 flex flex-wrap justify-end gap-2">
              <Button onClick={() => show(false)}>{done ? 'Close' : 'Reserve nothing'}</Button>
              {done ? null : (
                <Button type="submit" variant="primary" aria-disabled={pending}>
                  {pending ? 'Reserving' : 'Reserve'}
                </Button>
              )}
            </div>
          </div>
        </form>
      </Dialog>
    </>
  );
}

function reserved({ range, protocol, scope, pool, warnings }: HandReservedView): Answer {
  const what = `${formatPortRange(range)}/${protocol} on ${scope} is reserved${pool === undefined ? '' : `, in the pool ${pool}`}.`;
  const note = warnings.length > 0 ? ` Mind: ${warnings.join('; ')}.` : '';
  return { tone: warnings.length > 0 ? 'warn' : 'ok', text: `${what}${note}` };
}

function warning(port: string): Answer | undefined {
  const range = parsePortRange(port);
  const [first] = range ? portWarnings(range) : [];
  return first === undefined ? undefined : { tone: 'warn', text: `${first.charAt(0).toUpperCase()}${first.slice(1)}.` };
}
