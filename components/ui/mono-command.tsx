/** A command to paste: hanging indent, breaks between words only, copies with one click. */
import { Fragment } from 'react';
import { CopyButton } from './copy-button';

export function MonoCommand({ command }: { command: string }) {
  return (
    <div className="mt-[5px] flex flex-col gap-0.5 rounded-2 border border-line bg-sunken py-[5px] pr-1 pl-2.5">
      {command.split('\n').map((line, index) => (
        <div key={index} className="flex items-start gap-2">
          <code className="mono min-w-0 flex-1 py-[3px] pl-[2ch] -indent-[2ch] leading-[18px]">
            <span aria-hidden="true" className="text-ink-3 select-none">
              ${' '}
            </span>
            {line.split(' ').map((word, place) => (
              <Fragment key={place}>
                {place > 0 ? ' ' : ''}
                <span className="max-md:wrap-anywhere md:whitespace-nowrap">{word}</span>
              </Fragment>
            ))}
          </code>
          {index === 0 ? <CopyButton value={command} label="Copy command" /> : null}
        </div>
      ))}
    </div>
  );
}
