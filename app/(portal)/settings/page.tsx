import type { Metadata } from 'next';
import { Waterline } from '@/components/shell/waterline';
import { Facts } from '@/components/ui/facts';
import { Note } from '@/components/ui/note';
import { Page, PageColumns, PageHead } from '@/components/ui/page';
import { Pill } from '@/components/ui/pill';
import { RelativeTime } from '@/components/ui/relative-time';
import { Section } from '@/components/ui/section';
import { requireActor } from '@/lib/auth/session';
import { env } from '@/lib/env';
import { profilePath } from '@/lib/generator/profile';
import { githubFileUrl, githubSite } from '../github-links';
import { knownRepository, mainFact } from '../known-repository';

export const metadata: Metadata = { title: 'Settings' };

const providerWords = { oidc: 'OpenID Connect', zitadel: 'Zitadel', cognito: 'Amazon Cognito' } as const;

/** `traefik.dynamic`: `"ravenhelm-proxy/dynamic.yml"`, as one line. */
function inOneLine(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What is in force, and where it comes from. Names and addresses only: no secret's value is read here, so none can be shown. */
export default async function SettingsPage() {
  await requireActor('settings.read');
  const main = await knownRepository();
  const { github, identity, notion, roleMap, deployment, url } = env();
  const repository = main.kind === 'known' ? main.repository : undefined;
  return (
    <>
      <Page>
        <PageHead
          title="Settings"
          lede="What is in force. The profile is changed in the platform repository, everything else in the environment of the portal and the worker."
        />
        <PageColumns
          side={
            <>
              <Section title="Portal">
                <Facts
                  facts={[
                    { label: 'Address', value: <span className="mono">{url}</span> },
                    { label: 'Deployment', value: deployment === 'local' ? 'Local stack' : 'Production' },
                  ]}
                />
              </Section>
              <Section title="Sign-in">
                <Facts
                  facts={identity.map((client) => ({
                    label: client.name,
                    value: (
                      <>
                        {providerWords[client.kind]}
                        <p className="mono wrap-anywhere text-ink-2">{client.issuer}</p>
                        <p className="text-12 text-ink-3">
                          client <span className="mono">{client.clientId}</span>
                          {client.clientSecret === undefined ? ', public (PKCE alone)' : ', with a secret'}
                        </p>
                      </>
                    ),
                  }))}
                />
              </Section>
              <Section title="Roles by group">
                {Object.keys(roleMap).length === 0 ? (
                  <p className="py-2 text-ink-3">
                    No group is mapped: everybody is a viewer. Set <span className="mono">SLIPWAY_ROLE_MAP</span>.
                  </p>
                ) : (
                  <Facts
                    facts={[
                      ...Object.entries(roleMap).map(([group, role]) => ({ label: group, value: role })),
                      { label: 'any other', value: 'viewer' },
                    ]}
                  />
                )}
              </Section>
              <Section title="Repository">
                <Facts
                  facts={[
                    {
                      label: 'Name',
                      value: (
                        <a
                          className="link"
                          href={`${githubSite(github.apiUrl)}/${github.fullName}`}
                          target="_blank"
                          rel="noreferrer"
                        >
                          {github.fullName}
                        </a>
                      ),
                    },
                    { label: 'Base branch', value: <span className="mono">{github.baseBranch}</span> },
                    { label: 'API', value: <span className="mono">{github.apiUrl}</span> },
                    {
                      label: 'Signs in as',
                      value:
                        github.credentials.kind === 'app'
                          ? `GitHub App ${github.credentials.appId}`
                          : 'the owner of a token',
                    },
                    ...(repository
                      ? [{ label: 'Main last read', value: <RelativeTime at={repository.readAt.toISOString()} /> }]
                      : []),
                  ]}
                />
              </Section>
              <Section title="Tracker">
                {notion ? (
                  <Facts
                    facts={[
                      { label: 'Notion', value: notion.apiUrl ?? 'api.notion.com' },
                      { label: 'Backlog', value: <span className="mono">{notion.backlogDatabaseId}</span> },
                      { label: 'Runbooks', value: <span className="mono">{notion.runbooksDatabaseId}</span> },
                    ]}
                  />
                ) : (
                  <p className="py-2 text-ink-3">
                    None. Requests go without issue and runbook page. Set <span className="mono">NOTION_TOKEN</span> and
                    the two databases.
                  </p>
                )}
              </Section>
            </>
          }
        >
          <Section
            title="Profile"
            note={
              repository ? (
                repository.profileSource === 'file' ? (
                  <a
                    className="mono link"
                    href={githubFileUrl(github.apiUrl, repository.fullName, repository.sha, profilePath)}
                    target="_blank"
                    rel="noreferrer"
                  >
                    {profilePath}
                  </a>
                ) : (
                  'inferred from the tree'
                )
              ) : undefined
            }
            more={repository?.profileSource === 'inferred' ? <Pill tone="warn">no {profilePath}</Pill> : undefined}
          >
            {repository ? null : (
              <Note tone="bad">{main.kind === 'unknown' ? main.reason : 'The repository was not read yet.'}</Note>
            )}
            {repository?.profileSource === 'inferred' ? (
              <>
                <Note tone="warn">
                  The repository has no {profilePath}. What follows was guessed; write the file to say it once and for
                  all.
                </Note>
                <table className="dense" data-inline>
                  <thead>
                    <tr>
                      <th scope="col" className="w-[180px]">
                        Key
                      </th>
                      <th scope="col">Value</th>
                      <th scope="col">Because</th>
                    </tr>
                  </thead>
                  <tbody>
                    {repository.inferences.map((inference) => (
                      <tr key={inference.key} className="wraps">
                        <td className="mono">{inference.key}</td>
                        <td className="mono text-ink-2">{inOneLine(inference.value)}</td>
                        <td className="text-ink-2">
                          {inference.evidence}
                          {inference.path ? (
                            <>
                              {' '}
                              <a
                                className="mono link"
                                href={githubFileUrl(
                                  github.apiUrl,
                                  repository.fullName,
                                  repository.sha,
                                  inference.path,
                                  inference.line,
                                )}
                                target="_blank"
                                rel="noreferrer"
                              >
                                {inference.path}
                                {inference.line === undefined ? '' : `:${inference.line}`}
                              </a>
                            </>
                          ) : null}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </>
            ) : null}
            {repository ? (
              <>
                <h3 className="mt-5 mb-1.5 font-medium">In force, defaults filled in</h3>
                <pre
                  tabIndex={0}
                  aria-label="Profile as JSON"
                  className="mono max-h-[640px] overflow-auto rounded-3 border border-line bg-sunken px-3 py-2 leading-[19px] text-ink-2"
                >
                  {JSON.stringify(repository.profile, null, 2)}
                </pre>
              </>
            ) : null}
          </Section>
        </PageColumns>
      </Page>
      <Waterline main={mainFact(main)} />
    </>
  );
}
