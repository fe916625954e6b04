'use client';
/**
 * The wizard: one form across eight steps, saved as it is typed, with the pull request beside it from the first step. Steps change without leaving the
 * page (their URLs are real), so nothing that was typed is ever rendered away.
 */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ComponentType,
  type ReactNode,
} from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { traceOf } from '@/components/diff/ink';
import { useHotkeys } from '@/components/shell/hotkeys';
import { Waterline } from '@/components/shell/waterline';
import { Button } from '@/components/ui/button';
import { Note } from '@/components/ui/note';
import type { DraftForm } from '@/lib/wizard/draft-form';
import type { WizardOptions } from '@/lib/wizard/preview';
import { findStep, stepOfField, wizardSteps } from '@/lib/wizard/steps/index';
import { BasicsStep } from './basics-step';
import { DocsStep } from './docs-step';
import { FieldConflicts } from './field-conflicts';
import { OperationsStep } from './operations-step';
import { PortsStep } from './ports-step';
import { PreviewPane } from './preview-pane';
import { ReviewStep } from './review-step';
import { RoutingStep } from './routing-step';
import { RuntimeStep } from './runtime-step';
import { SaveNotes } from './save-notes';
import { isOver } from './save-state';
import { SaveStatus } from './save-status';
import { SecurityStep } from './security-step';
import { ShareDraft } from './share-draft';
import { StepNav } from './step-nav';
import { filesTouchedBy, typedValues } from './traced-values';
import { useAutosave } from './use-autosave';
import { usePreview } from './use-preview';
import { WizardProvider } from './wizard-context';
import { wizardHref, wizardTitle } from './wizard-href';

const forms: Record<string, ComponentType> = {
  basics: BasicsStep,
  ports: PortsStep,
  security: SecurityStep,
  runtime: RuntimeStep,
  routing: RoutingStep,
  operations: OperationsStep,
  docs: DocsStep,
};

const neverChanges = () => () => undefined;

interface Props {
  draft: {
    id: string;
    version: number;
    content: DraftForm;
    /** The live service that it changes; undefined where it adds one. */
    changes: string | undefined;
    /** It was submitted before, and that request was cancelled or closed. */
    endedRequestId: number | undefined;
    /** Who began it and submits it, where that is somebody else. */
    owner?: string | undefined;
    /** When the server saved it last, in milliseconds since 1970; undefined where it has nothing of it. */
    savedAt?: number;
  };
  initialStep: string;
  options: WizardOptions;
  /** Above the steps: other drafts to go on with, and what to know of this one. */
  before?: ReactNode;
}

/** The wizard with a store of its own for the server's answers: no other page asks while one types. */
export function Wizard(props: Props) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <WizardForm {...props} />
    </QueryClientProvider>
  );
}

function WizardForm({ draft, initialStep, options, before: above }: Props) {
  const form = useForm<DraftForm>({ defaultValues: draft.content });
  const content = useWatch({ control: form.control, compute: (values: DraftForm) => values });
  const pathname = usePathname();
  const current = findStep(pathname.split('/').at(-1) ?? '') ?? findStep(initialStep) ?? wizardSteps[0];
  const step = current?.name ?? 'basics';
  const index = wizardSteps.findIndex(({ name }) => name === step);

  // The steps change without the server, and so does the page's title.
  useEffect(() => {
    if (current) document.title = `${wizardTitle(current.title, draft.changes)} · Slipway`;
  }, [current, draft.changes]);

  const [inUrl, setInUrl] = useState(draft.version > 0);
  const [focused, setFocused] = useState<string>();
  const [strictSteps, setStrictSteps] = useState<ReadonlySet<string>>(new Set());
  const body = useRef<HTMLDivElement>(null);
  const hrefOf = useCallback(
    (name: string) => wizardHref(name, { id: inUrl ? draft.id : undefined, changes: draft.changes }),
    [inUrl, draft.id, draft.changes],
  );

  const onFirstChange = useCallback(() => {
    setInUrl(true);
    window.history.replaceState(null, '', `${window.location.pathname}?draft=${draft.id}`);
  }, [draft.id]);
  const { state, conflicts, requestId, flush, resolve } = useAutosave(draft, form, { content, step, onFirstChange });
  const { preview, stale, problem, refresh } = usePreview(content, draft);

  const go = useCallback(
    (name: string) => {
      window.history.pushState(null, '', hrefOf(name));
      body.current?.scrollTo({ top: 0 });
      // Where the form stands above the diff it is the page that scrolls.
      window.scrollTo({ top: 0 });
      body.current?.focus({ preventScroll: true });
    },
    [hrefOf],
  );

  const openProblems = useMemo(
    () => [
      ...(preview?.problems ?? []).map(({ path }) => path),
      ...(preview?.answers ?? []).filter(({ status }) => status === 'taken').map(({ path }) => path),
    ],
    [preview],
  );
  const here = useMemo(() => openProblems.filter((path) => stepOfField(path).name === step), [openProblems, step]);
  const settled = useMemo(() => {
    const open = new Set(openProblems.map((path) => stepOfField(path).name));
    return new Set(wizardSteps.map(({ name }) => name).filter((name) => preview !== undefined && !open.has(name)));
  }, [openProblems, preview]);
  const next = wizardSteps[index + 1];
  const before = wizardSteps[index - 1];

  // Whoever is faster than the answer waits for it: what was just filled in must not be called missing.
  const waiting = useRef(false);
  /** What was shown as open by the last press. */
  const told = useRef('');
  const settle = useCallback(() => {
    if (!next) return;
    const open = here.join(' ');
    if (open !== '' && told.current !== `${step} ${open}`) {
      // The first press shows what is open and leads there; the second goes on all the same: Review says it again.
      told.current = `${step} ${open}`;
      setStrictSteps((steps) => new Set([...steps, step]));
      requestAnimationFrame(() => body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    go(next.name);
  }, [go, here, next, step]);
  const onContinue = useCallback(() => {
    if (stale && !problem) waiting.current = true;
    else settle();
  }, [problem, settle, stale]);
  useEffect(() => {
    if (!waiting.current || (stale && !problem)) return;
    waiting.current = false;
    settle();
  }, [problem, settle, stale]);

  // Until the form is alive, what is typed into the server's HTML would be lost: its fields open when it is.
  const alive = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
  useEffect(() => {
    if (alive) body.current?.querySelector<HTMLElement>('[data-first-field]')?.focus({ preventScroll: true });
  }, [alive]);

  useHotkeys([
    next
      ? { keys: 'mod+Enter', label: 'Continue', run: onContinue }
      : // It only leads there: who holds the key down through the steps must not submit with it.
        { keys: 'mod+Enter', label: 'To the button', run: () => document.getElementById('submit')?.focus() },
    { keys: 'd', label: 'To the diff', run: () => document.getElementById('diff-files')?.focus() },
  ]);

  const values = useMemo(() => typedValues(content, preview), [content, preview]);
  const lit = focused === undefined ? undefined : values.get(focused);
  const trace = useMemo(() => traceOf(values.values(), lit === undefined ? [] : [lit]), [values, lit]);
  const touched = useMemo(() => filesTouchedBy(step, values, preview?.files ?? []), [step, values, preview]);

  const StepForm = forms[step];
  const { changes } = draft;
  const wizardState = { changes, options, preview, stale, strict: strictSteps.has(step), focused, setFocused };
  return (
    <FormProvider {...form}>
      <WizardProvider state={wizardState}>
        <div className="flex min-h-0 flex-1 flex-col lg:h-[calc(100dvh-var(--h-bar)-var(--h-waterline))] lg:flex-none">
          {above}
          <StepNav
            name={content.name}
            kind={changes === undefined ? 'New service' : 'Change'}
            current={step}
            settled={settled}
            hrefOf={hrefOf}
            go={go}
            aside={
              <>
                <SaveStatus state={state} held={conflicts.length} here={hrefOf(step)} retry={() => void flush()} />
                {draft.owner !== undefined ? (
                  <span className="max-md:hidden">Draft of {draft.owner}</span>
                ) : inUrl ? (
                  <ShareDraft draftId={draft.id} flush={flush} />
                ) : null}
              </>
            }
          />
          <div className="grid min-h-0 flex-1 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)] xl:grid-cols-[minmax(0,620px)_minmax(0,1fr)]">
            <form
              aria-label={current?.title}
              noValidate
              onSubmit={(event) => event.preventDefault()}
              className="flex min-h-0 min-w-0 flex-col border-line bg-surface lg:border-r"
            >
              <div
                ref={body}
                tabIndex={-1}
                className="min-h-0 flex-1 px-5 pt-4 pb-6 outline-none max-md:px-4 lg:overflow-auto"
              >
                <h1 className="text-20 font-semibold tracking-[-0.015em]">{current?.title}</h1>
                <p className="mt-0.5 mb-5 max-w-[62ch] text-ink-2">
                  {changes === undefined ? current?.lede : (current?.ledeOfChange ?? current?.lede)}
                </p>
                <SaveNotes state={state} requestId={requestId} />
                {isOver(state) ? null : <FieldConflicts conflicts={conflicts} resolve={resolve} />}
                {problem && problem.status !== 401 ? (
                  <Note
                    tone="warn"
                    action={
                      <Button size="sm" onClick={() => void refresh()}>
                        Try again
                      </Button>
                    }
                  >
                    {problem.detail} {problem.reference ? <span className="mono">{problem.reference}</span> : null}
                  </Note>
                ) : null}
                <fieldset disabled={!alive} className="contents">
                  {step === 'review' ? (
                    <ReviewStep draft={draft} content={content} go={go} flush={flush} refresh={refresh} />
                  ) : StepForm ? (
                    <StepForm />
                  ) : null}
                </fieldset>
              </div>
              {step === 'review' ? null : (
                <footer className="flex items-center gap-2 border-t border-line bg-surface px-5 py-2.5 max-lg:sticky max-lg:bottom-(--h-waterline) max-md:px-4">
                  {before ? <Button onClick={() => go(before.name)}>Back</Button> : null}
                  <span role="status" className="ml-1 text-12 text-ink-3">
                    {here.length > 0
                      ? `${here.length} ${here.length === 1 ? 'field' : 'fields'} to settle here before review`
                      : null}
                  </span>
                  {next ? (
                    <Button variant="primary" shortcut="Ctrl ↵" className="ml-auto" onClick={onContinue}>
                      Continue to {next.title}
                    </Button>
                  ) : null}
                </footer>
              )}
            </form>
            <PreviewPane trace={trace} touched={touched} />
          </div>
        </div>
        <Waterline
          main={preview?.base}
          facts={[{ id: 'host', content: 'ports of', note: <span className="mono">{options.platform.host}</span> }]}
          keys={[
            { keys: ['mod+Enter'], label: next ? 'continue' : 'to the button' },
            { keys: ['d'], label: 'to the diff' },
          ]}
        />
      </WizardProvider>
    </FormProvider>
  );
}
