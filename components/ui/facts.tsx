/** Label and value, one pair on a line: the side tables of a page. */
import type { ReactNode } from 'react';

export interface Fact {
  label: string;
  value: ReactNode;
}

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl>
      {facts.map((fact, index) => (
        <div
          key={`${fact.label}-${index}`}
          className="grid min-h-[31px] grid-cols-[112px_minmax(0,1fr)] border-b border-line py-[5px]"
        >
          <dt className="pr-3 wrap-anywhere text-ink-3">{fact.label}</dt>
          <dd className="min-w-0 wrap-anywhere">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
