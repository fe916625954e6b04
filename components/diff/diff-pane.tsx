'use client';
/** The pull request as it would be: its files under their commits, and every line of each. Beside the wizard's form, and on the request page. */
import clsx from 'clsx';
import { Check, ChevronDown } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import { Pill } from '@/components/ui/pill';
import { Segmented } from '@/components/ui/segmented';
import type { DiffFile } from '@/lib/generator/diff-view';
import { DiffLines } from './diff-lines';
import type { Trace } from './ink';

const views = [
  { value: 'unified', label: 'Unified' },
  { value: 'split', label: 'Split' },
] as const;

export interface DiffCommit {
  key: string;
  /** `Reserve ports`. */
  title: string;
  files: readonly string[];
}

interface Props {
  title: string;
  commits: readonly DiffCommit[];
  files: readonly DiffFile[];
  trace?: Trace;
  /** Paths that get a dot: the current step changes them. */
  touched?: ReadonlySet<string>;
  /** Below the tree: what is left out and why. */
  notes?: ReactNode;
  /** In place of the files where there are none. */
  empty?: ReactNode;
  /** Whether what is shown is about to be replaced. */
  stale?: boolean;
}

const idOf = (path: string) => `file-${path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;

/** Splits a path into its folder and its name, for two inks. */
function Path({ path }: { path: string }) {
  const cut = path.lastIndexOf('/') + 1;
  return (
    <span className="min-w-0 truncate" title={path}>
      <span className="text-ink-3">{path.slice(0, cut)}</span>
      {path.slice(cut)}
    </span>
  );
}

export function DiffPane({ title, commits, files, trace, touched, notes, empty, stale = false }: Props) {
  const [view, setView] = useState<'unified' | 'split'>('unified');
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string>();
  const total = useMemo(
    () =>
      files.reduce((sum, file) => ({ added: sum.added + file.added, removed: sum.removed + file.removed }), {
        added: 0,
        removed: 0,
      }),
    [files],
  );
  const current = chosen !== undefined && files.some((file) => file.path === chosen) ? chosen : files[0]?.path;

  function show(path: string) {
    setChosen(path);
    setFolded((paths) => new Set([...paths].filter((other) => other !== path)));
    document.getElementById(idOf(path))?.scrollIntoView({ block: 'start' });
  }

  function fold(path: string) {
    setFolded((paths) => {
      const next = new Set(paths);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  }

  return (
    <section aria-label={title} aria-busy={stale} className="flex min-h-0 min-w-0 flex-col bg-sunken">
      <header className="flex h-[42px] shrink-0 items-center gap-2.5 border-b border-line bg-surface pr-5 pl-4 whitespace-nowrap">
        <h2 className="font-semibold">{title}</h2>
        {files.length > 0 ? (
          <>
            <span className="text-ink-3 max-lg:hidden">
              {commits.length} {commits.length === 1 ? 'commit' : 'commits'} · {files.length}{' '}
              {files.length === 1 ? 'file' : 'files'}
            </span>
            <span className="mono text-add-ink">+{total.added}</span>
            <span className="mono text-ink-3">−{total.removed}</span>
            {total.removed === 0 ? (
              <Pill className="max-lg:hidden">
                <Check aria-hidden="true" className="size-2.5" />
                Additions only
              </Pill>
            ) : null}
          </>
        ) : null}
        <span className="ml-auto" />
        <Segmented label="Diff view" value={view} options={views} onChange={setView} />
      </header>
      {files.length === 0 ? (
        <div className="min-h-0 flex-1 overflow-auto">{empty}</div>
      ) : (
        <div className="grid min-h-0 flex-1 lg:grid-cols-[254px_minmax(0,1fr)]">
          <nav
            aria-label="Files by commit"
            className="overflow-auto border-r border-line bg-surface py-2 max-lg:hidden"
          >
            {commits.map((commit, index) => (
              <div key={commit.key}>
                <h3 className="flex gap-1.5 px-4 pt-2 pb-[3px] text-11 font-medium text-ink-3">
                  <span className="font-normal">{index + 1}</span>
                  {commit.title}
                </h3>
                {files
                  .filter((file) => commit.files.includes(file.path) && file.commit === commit.key)
                  .map((file) => (
                    <button
                      key={file.path}
                      type="button"
                      title={file.path}
                      aria-current={file.path === current ? 'true' : undefined}
                      onClick={() => show(file.path)}
                      className={clsx(
                        'relative flex h-6 w-full items-center gap-1.5 pr-3 pl-4 text-left text-12 hover:bg-hover',
                        file.path === current ? 'bg-press font-medium text-ink' : 'text-ink-2',
                      )}
                    >
                      {touched?.has(file.path) ? (
                        <>
                          <i
                            aria-hidden="true"
                            className="absolute top-[9px] left-1.5 size-[5px] rounded-full bg-accent"
                          />
                          <span className="sr-only">Changed by this step: </span>
                        </>
                      ) : null}
                      <span className="min-w-0 truncate">{shortName(file.path, files)}</span>
                      <span className="ml-auto" />
                      {file.added > 0 || file.removed === 0 ? (
                        <span className="mono text-add-ink">+{file.added}</span>
                      ) : null}
                      {file.removed > 0 ? <span className="mono text-ink-3">−{file.removed}</span> : null}
                    </button>
                  ))}
              </div>
            ))}
            {touched && touched.size > 0 ? (
              <p className="px-4 pt-3.5 text-12 text-ink-3">
                <i aria-hidden="true" className="mr-1.5 inline-block size-[5px] rounded-full bg-accent align-[2px]" />
                changed by this step
              </p>
            ) : null}
            {notes}
          </nav>
          <div
            id="diff-files"
            tabIndex={-1}
            className={clsx('min-h-0 overflow-auto outline-none', stale && 'opacity-70')}
          >
            <div className="lg:hidden">{notes}</div>
            {files.map((file) => (
              <article
                key={file.path}
                id={idOf(file.path)}
                aria-label={file.path}
                className="scroll-mt-0 border-b border-line"
              >
                <header className="mono sticky top-0 z-1 flex h-8 items-center gap-2 border-b border-line bg-surface pr-4 pl-3">
                  <button
                    type="button"
                    aria-expanded={!folded.has(file.path)}
                    aria-label={`${folded.has(file.path) ? 'Show' : 'Hide'} ${file.path}`}
                    onClick={() => fold(file.path)}
                    className="grid size-6 shrink-0 place-items-center rounded-1 text-ink-3 hover:bg-hover hover:text-ink"
                  >
                    <ChevronDown aria-hidden="true" className={clsx('size-3', folded.has(file.path) && '-rotate-90')} />
                  </button>
                  <Path path={file.path} />
                  {file.isNew ? <span className="text-ink-3">new</span> : null}
                  {file.isDeleted ? <span className="text-ink-3">deleted</span> : null}
                  <span className="ml-auto text-add-ink">+{file.added}</span>
                  <span className="text-ink-3">−{file.removed}</span>
                  <CopyButton value={file.path} label={`Copy the path ${file.path}`} />
                </header>
                {folded.has(file.path) ? null : <DiffLines file={file} trace={trace} view={view} />}
              </article>
            ))}
          </div>
        </div>
      )}
    </section>
  );
}

/** The file's name; with its folder where several have that name. */
function shortName(path: string, files: readonly DiffFile[]): string {
  const parts = path.split('/');
  const name = parts.at(-1) ?? path;
  const twins = files.filter((file) => file.path.endsWith(`/${name}`) || file.path === name);
  return twins.length > 1 ? parts.slice(-2).join('/') : name;
}
