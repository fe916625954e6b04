'use client';
/** What the audit is searched by. Every change stands in the URL a moment later; without script the form does the same with Enter. */
import { useRouter } from 'next/navigation';
import { useEffect, useState, useTransition, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/input';
import { auditActions, auditHref, subjectKinds, type AuditFilter } from '@/lib/audit/views';

/** How long after the last keystroke the page is asked for. */
const SETTLE_MS = 250;

type Fields = Partial<Record<keyof AuditFilter, string | undefined>>;

function Labelled({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <label className={className}>
      <span className="mb-0.5 block text-12 text-ink-3">{label}</span>
      {children}
    </label>
  );
}

/** @param filter as it stands in the URL. */
export function AuditFilters({ filter }: { filter: AuditFilter }) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [fields, setFields] = useState<Fields>(filter);
  const inUrl = auditHref({ ...filter, cursor: undefined });
  /** Where the fields lead, until the URL has got there. */
  const [due, setDue] = useState<{ href: string; wait: number }>();

  // The URL changed by another way (a link, the back button): what stands in it is shown. Our own changes are in the fields already.
  const [seen, setSeen] = useState(inUrl);
  if (inUrl !== seen) {
    setSeen(inUrl);
    if (!due) setFields(filter);
    else if (due.href === inUrl) setDue(undefined);
  }

  useEffect(() => {
    if (!due) return;
    const timer = setTimeout(() => startTransition(() => router.replace(due.href, { scroll: false })), due.wait);
    return () => clearTimeout(timer);
  }, [due, router]);

  function go(next: Fields, wait: number) {
    const href = auditHref({ ...next, cursor: undefined });
    setFields(next);
    setDue(href === inUrl ? undefined : { href, wait });
  }

  const change = (key: keyof AuditFilter, value: string, wait: number) => go({ ...fields, [key]: value }, wait);

  function clear() {
    go({ kind: fields.kind }, 0);
    document.querySelector<HTMLInputElement>('[data-page-search]')?.focus();
  }

  const text = (key: 'q' | 'who' | 'on') => ({
    name: key,
    value: fields[key] ?? '',
    autoComplete: 'off',
    spellCheck: false,
    maxLength: 200,
    onChange: (event: { target: { value: string } }) => change(key, event.target.value, SETTLE_MS),
  });
  const choice = (key: 'what' | 'did') => ({
    name: key,
    value: fields[key] ?? '',
    onChange: (event: { target: { value: string } }) => change(key, event.target.value, 0),
  });
  const day = (key: 'from' | 'to') => ({
    type: 'date',
    name: key,
    // A moment in the URL (a link from elsewhere) shows as its day.
    value: fields[key]?.slice(0, 10) ?? '',
    onChange: (event: { target: { value: string } }) => change(key, event.target.value, SETTLE_MS),
  });
  const narrowed = Object.values({ ...fields, kind: undefined, cursor: undefined }).some(Boolean);

  return (
    <form
      role="search"
      action="/audit"
      aria-busy={pending}
      onSubmit={(event) => {
        event.preventDefault();
        go(fields, 0);
      }}
      className="grid grid-cols-2 items-end gap-x-2 gap-y-2 border-b border-line px-4 py-2.5 md:grid-cols-4 min-[1200px]:grid-cols-[minmax(0,1.8fr)_repeat(4,minmax(0,1fr))_132px_132px_60px]"
    >
      {fields.kind ? <input type="hidden" name="kind" value={fields.kind} /> : null}
      <Labelled label="Words in an entry" className="max-md:col-span-2">
        <Input data-page-search inputMode="search" placeholder="Branch, reason, address, call" {...text('q')} />
      </Labelled>
      <Labelled label="Who">
        <Input placeholder="Name" {...text('who')} />
      </Labelled>
      <Labelled label="What">
        <Select {...choice('what')}>
          <option value="">Everything</option>
          {Object.entries(subjectKinds).map(([kind, label]) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </Select>
      </Labelled>
      <Labelled label="Done to it">
        <Select {...choice('did')}>
          <option value="">Anything</option>
          {auditActions.map((action) => (
            <option key={action} value={action}>
              {action}
            </option>
          ))}
        </Select>
      </Labelled>
      <Labelled label="On">
        <Input placeholder="Request, service, port" {...text('on')} />
      </Labelled>
      <Labelled label="From">
        <Input {...day('from')} />
      </Labelled>
      <Labelled label="To, that day included">
        <Input {...day('to')} />
      </Labelled>
      <div className="flex max-md:col-span-2">
        {narrowed ? (
          <Button onClick={clear}>Clear</Button>
        ) : (
          <noscript>
            <button type="submit">Search</button>
          </noscript>
        )}
      </div>
    </form>
  );
}
