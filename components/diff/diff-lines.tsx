/** The lines of one file's change, in one column or two. */
import clsx from 'clsx';
import { memo } from 'react';
import type { DiffFile, DiffLine } from '@/lib/generator/diff-view';
import { inkLine, type Trace } from './ink';
import './diff.css';

const signs = { same: '', added: '+', removed: '−' } as const;

function Text({ line, path, trace }: { line: DiffLine; path: string; trace: Trace | undefined }) {
  const pieces = inkLine(line.text, path, line.kind === 'added' ? trace : undefined);
  return (
    <span className="text">
      {pieces.map((piece, index) => {
        const className = piece.ink;
        if (!piece.traced) {
          return className ? (
            <span key={index} className={className}>
              {piece.text}
            </span>
          ) : (
            piece.text
          );
        }
        return (
          <mark key={index} className={clsx(className, piece.traced)}>
            {piece.text}
          </mark>
        );
      })}
    </span>
  );
}

function Row({
  line,
  path,
  trace,
  side,
}: {
  line: DiffLine | undefined;
  path: string;
  trace: Trace | undefined;
  side: 'old' | 'new';
}) {
  if (!line) return <div className="diff-row blank"> </div>;
  return (
    <div className={clsx('diff-row', line.kind)}>
      <span className="no">{side === 'old' ? line.oldLine : (line.newLine ?? line.oldLine)}</span>
      <span
        className="sign"
        aria-label={line.kind === 'same' ? undefined : line.kind}
        role={line.kind === 'same' ? undefined : 'img'}
      >
        {signs[line.kind]}
      </span>
      <Text line={line} path={path} trace={trace} />
    </div>
  );
}

function Gap({ heading }: { heading: string | undefined }) {
  return (
    <div className="diff-row gap">
      <span className="no">⋯</span>
      <span />
      <span className="text">{heading ?? ''}</span>
    </div>
  );
}

interface Props {
  file: DiffFile;
  trace?: Trace | undefined;
  view: 'unified' | 'split';
}

/** Rendered again only when the file, the view or the traced values change. */
export const DiffLines = memo(function DiffLines({ file, trace, view }: Props) {
  if (view === 'split') return <Split file={file} trace={trace} />;
  return (
    <div className="diff-code" tabIndex={0} role="region" aria-label={`Change of ${file.path}`}>
      <div className="diff-rows">
        {file.hunks.map((hunk, index) => (
          <div key={index}>
            {file.isNew ? null : <Gap heading={hunk.heading} />}
            {hunk.lines.map((line, at) => (
              <Row key={at} line={line} path={file.path} trace={trace} side="new" />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
});

/** Removed and added lines that stand side by side; the shorter side gets blanks. */
function pairs(lines: readonly DiffLine[]): [DiffLine | undefined, DiffLine | undefined][] {
  const rows: [DiffLine | undefined, DiffLine | undefined][] = [];
  let open = -1; // first row whose right side is still free
  for (const line of lines) {
    if (line.kind === 'same') {
      rows.push([line, line]);
      open = -1;
    } else if (line.kind === 'removed') {
      if (open === -1) open = rows.length;
      rows.push([line, undefined]);
    } else if (open !== -1 && open < rows.length && rows[open]?.[1] === undefined) {
      rows[open] = [rows[open]?.[0], line];
      open += 1;
    } else rows.push([undefined, line]);
  }
  return rows;
}

function Split({ file, trace }: Omit<Props, 'view'>) {
  const hunks = file.hunks.map((hunk) => ({ heading: hunk.heading, rows: pairs(hunk.lines) }));
  return (
    <div className="diff-split">
      {(['old', 'new'] as const).map((side) => (
        <div
          key={side}
          className="diff-code"
          tabIndex={0}
          role="region"
          aria-label={`${file.path}, ${side === 'old' ? 'before' : 'after'}`}
        >
          <div className="diff-rows">
            {hunks.map((hunk, index) => (
              <div key={index}>
                {file.isNew ? null : <Gap heading={hunk.heading} />}
                {hunk.rows.map(([left, right], at) => (
                  <Row key={at} line={side === 'old' ? left : right} path={file.path} trace={trace} side={side} />
                ))}
              </div>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
