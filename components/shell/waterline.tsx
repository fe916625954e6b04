/** The bar at the foot of every page: as of when it is true, and which keys work here. */
import clsx from 'clsx';
import { Fragment, type ReactNode } from 'react';
import { Kbd } from '@/components/ui/kbd';
import { RelativeTime } from '@/components/ui/relative-time';
import { hotkeyCaps } from './hotkey-match';
import { Live } from './live';

export interface WaterFact {
  id: string;
  content: ReactNode;
  /** The quiet half: `in the registry`. */
  note?: ReactNode;
  /** Stays on a phone as well. */
  always?: boolean;
}

export interface WaterKey {
  /** As for useHotkeys: `j`, `g p`. */
  keys: readonly string[];
  label: string;
}

const cell = 'flex h-full items-center gap-1.5 border-r border-line px-3 first:pl-0';

/**
 * @param source path of the page's event stream; a page without one makes no claim to be live.
 * @param main main's commit and when it was read.
 */
export function Waterline({
  source,
  announce,
  main,
  facts = [],
  keys = [],
}: {
  source?: string;
  /** Timeline entries are spoken. */
  announce?: boolean;
  main?: { branch: string; sha: string; readAt: string } | undefined;
  facts?: readonly WaterFact[];
  keys?: readonly WaterKey[];
}) {
  return (
    <footer className="fixed inset-x-0 bottom-0 z-20 flex h-(--h-waterline) items-center overflow-hidden border-t border-line bg-canvas px-5 text-12 whitespace-nowrap text-ink-2 max-md:px-4">
      {source ? (
        <span className={cell}>
          <Live source={source} {...(announce ? { announce } : {})} />
        </span>
      ) : null}
      {main ? (
        <span className={cell}>
          {main.branch} <span className="mono">{main.sha.slice(0, 7)}</span>
          <span className="text-ink-3">
            read <RelativeTime at={main.readAt} />
          </span>
        </span>
      ) : null}
      {facts.map((fact) => (
        <span key={fact.id} className={clsx(cell, !fact.always && 'max-md:hidden')}>
          {fact.content}
          {fact.note ? <span className="text-ink-3">{fact.note}</span> : null}
        </span>
      ))}
      <span aria-hidden="true" className="ml-auto flex gap-3.5 pl-3 text-ink-3 max-md:hidden">
        {[...keys, { keys: ['?'], label: 'all keys' }].map((key) => (
          <span key={key.label} className="flex items-center gap-[5px]">
            {key.keys.map((each) => (
              <Fragment key={each}>
                {hotkeyCaps(each).map((cap) => (
                  <Kbd key={cap} small>
                    {cap}
                  </Kbd>
                ))}
              </Fragment>
            ))}
            {key.label}
          </span>
        ))}
      </span>
    </footer>
  );
}
