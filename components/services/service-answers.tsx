/** The questions that one comes with, answered without scrolling: who owns it, where it runs, how to reach it, where its documents are. */
import type { ReactNode } from 'react';
import type { Profile } from '@/lib/generator/profile';
import type { ServiceDetails } from '@/lib/services/views';
import { CopyButton } from '@/components/ui/copy-button';
import { formatPort } from './port-text';

function Answer({ question, children }: { question: string; children: ReactNode }) {
  return (
    <div className="min-w-0 border-line px-3.5 pt-2.5 pb-3 not-first:max-md:border-t md:not-first:border-l">
      <h2 className="mb-[3px] text-12 text-ink-3">{question}</h2>
      {children}
    </div>
  );
}

function Unknown({ children }: { children: ReactNode }) {
  return <p className="mb-0.5 min-h-[22px] text-ink-3">{children}</p>;
}

const big =
  'mb-0.5 flex min-h-[22px] min-w-0 items-center gap-1.5 text-15 leading-[22px] font-semibold tracking-[-.01em]';
const small = 'truncate text-12 leading-[18px] text-ink-2';

const accessWords = {
  'forward-auth': 'The platform asks for a sign-in',
  'own-oauth': 'Signs people in itself',
  public: 'Public: nobody is asked',
} as const;

export function ServiceAnswers({
  service,
  profile,
  fileUrl,
}: {
  service: ServiceDetails;
  profile: Profile | undefined;
  /** Where a path of main is on GitHub; undefined where main's commit is not known. */
  fileUrl: (path: string, line?: number) => string | undefined;
}) {
  const { manifest, links } = service;
  const networks = manifest?.runtime.compose?.networks ?? [];
  const environments = manifest?.runtime.kubernetes?.environments ?? [];
  const onCompose = !manifest || manifest.runtime.compose !== undefined;
  const access = manifest?.security.access;
  const runbookName = service.runbookPath?.split('/').at(-1)?.replace(/\.md$/, '');
  const runbookUrl = service.runbookPath === undefined ? undefined : fileUrl(service.runbookPath);
  const documents = [
    ...(links.pull ? [{ title: 'Pull request', url: links.pull }] : []),
    ...(links.runbookPage ? [{ title: 'Runbook in Notion', url: links.runbookPage }] : []),
    ...(links.issue ? [{ title: 'Issue in Notion', url: links.issue }] : []),
  ];
  return (
    <div className="mt-4 grid rounded-3 border border-line-strong md:grid-cols-2 lg:grid-cols-[.9fr_1fr_1.25fr_1.2fr]">
      <Answer question="Who owns it">
        {service.owner ? <p className={big}>{service.owner}</p> : <Unknown>Nobody is named in main</Unknown>}
        {manifest && manifest.maintainers.length > 0 ? (
          <p className={small} title={manifest.maintainers.join(', ')}>
            {manifest.maintainers.join(', ')}
          </p>
        ) : null}
      </Answer>
      <Answer question={service.state === 'pending' ? 'Where will it run' : 'Where does it run'}>
        {service.stack || environments.length > 0 ? (
          <p className={big}>{service.stack ?? 'Kubernetes'}</p>
        ) : (
          <Unknown>No stack of the profile has it</Unknown>
        )}
        {onCompose ? (
          <p className={`${small} mono`}>{`${profile?.naming.containerPrefix ?? ''}${service.name}`}</p>
        ) : null}
        <p className={small}>
          {[
            onCompose ? profile?.platform.host : '',
            ...networks,
            environments.length > 0 ? `Kubernetes ${environments.join(', ')}` : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </Answer>
      <Answer question="How do I reach it">
        {service.host ? (
          <p className={big}>
            <span className="truncate font-mono text-13 font-medium tracking-[-.02em]">{service.host}</span>
            <CopyButton value={service.host} label="Copy host" className="font-normal" />
          </p>
        ) : service.ports[0] && profile ? (
          <p className={big}>
            <span className="truncate font-mono text-13 font-medium tracking-[-.02em]">{`${profile.platform.host}:${service.ports[0].from}`}</span>
            <CopyButton
              value={`${profile.platform.host}:${service.ports[0].from}`}
              label="Copy address"
              className="font-normal"
            />
          </p>
        ) : (
          <Unknown>Inside the network only</Unknown>
        )}
        {service.ports.length > 0 ? (
          <p className={small}>
            {service.ports.map((port, index) => (
              <span key={`${port.protocol}${port.from}`}>
                {index > 0 ? ' · ' : ''}
                <span className="mono">{formatPort(port)}</span> {port.name ?? ''}
              </span>
            ))}
          </p>
        ) : (
          <p className={small}>No port on the host</p>
        )}
        {access && service.host ? <p className={small}>{accessWords[access]}</p> : null}
      </Answer>
      <Answer question="Where are the documents">
        {runbookName ? (
          <p className={big}>
            {runbookUrl ? (
              <a className="link truncate" href={runbookUrl} target="_blank" rel="noreferrer">
                {runbookName}
              </a>
            ) : (
              <span className="truncate">{runbookName}</span>
            )}
          </p>
        ) : (
          <Unknown>
            {service.state === 'pending' && manifest?.docs.runbook
              ? 'The runbook comes with the pull request'
              : 'No runbook in main'}
          </Unknown>
        )}
        {documents.map((document) => (
          <p key={document.url} className={`${small} flex min-h-6 items-center`}>
            <a className="link" href={document.url} target="_blank" rel="noreferrer">
              {document.title}
            </a>
          </p>
        ))}
      </Answer>
    </div>
  );
}
