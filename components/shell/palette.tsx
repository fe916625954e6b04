'use client';
/** Go to anything: services and requests as the server finds them, places, and what one can do. Fetched when it is first opened. */
import { keepPreviousData, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import { Command } from 'cmdk';
import { Anchor, GitPullRequest, Keyboard, Plus, Search, type LucideIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import * as Dialog from 'radix-ui/dialog';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { overlayClass } from '@/components/ui/dialog';
import { HealthMark } from '@/components/ui/health-mark';
import { Kbd } from '@/components/ui/kbd';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Found } from './find';

async function find(text: string, signal: AbortSignal): Promise<Found> {
  const answer = await fetch(`/api/v1/find?q=${encodeURIComponent(text)}`, { signal });
  if (!answer.ok) throw new Error(`find answered ${answer.status}`);
  return (await answer.json()) as Found;
}

const places = [
  { href: '/services', label: 'Catalog', keys: 'G C' },
  { href: '/requests', label: 'Requests', keys: 'G R' },
  { href: '/ports', label: 'Ports', keys: 'G P' },
] as const;

const draftsPlace = { href: '/drafts', label: 'Drafts', keys: 'G D' } as const;
const queuePlace = { href: '/queue', label: 'Queue', keys: 'G Q' } as const;
const auditPlace = { href: '/audit', label: 'Audit', keys: 'G A' } as const;

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={title}
      className="border-line py-1.5 not-first:border-t [&_[cmdk-group-heading]]:px-4 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-11 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  value,
  icon,
  trailing,
  onSelect,
  children,
}: {
  value: string;
  icon: ReactNode;
  trailing?: ReactNode;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="grid h-[34px] cursor-pointer grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-2.5 pr-3.5 pl-4 text-ink-2 aria-selected:bg-press aria-selected:shadow-[inset_2px_0_0_var(--accent)]"
    >
      <span className="grid place-items-center text-ink-3">{icon}</span>
      <span className="truncate">{children}</span>
      <span className="text-12 text-ink-3">{trailing}</span>
    </Command.Item>
  );
}

function Glyph({ icon: Icon }: { icon: LucideIcon }) {
  return <Icon aria-hidden="true" className="size-3.5" />;
}

/** Answers are kept for a moment: what was typed and taken back is there at once. */
const client = new QueryClient({
  defaultOptions: { queries: { staleTime: 10_000, refetchOnWindowFocus: false, retry: 1 } },
});

interface Props {
  mayCreate: boolean;
  mayAudit: boolean;
  maySeeQueue: boolean;
  onClose: () => void;
  onKeys: () => void;
}

/** The query cache comes with the palette: no page's first load pays for it. */
export function Palette(props: Props) {
  return (
    <QueryClientProvider client={client}>
      <PaletteDialog {...props} />
    </QueryClientProvider>
  );
}

function PaletteDialog({ mayCreate, mayAudit, maySeeQueue, onClose, onKeys }: Props) {
  const router = useRouter();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const { data, isError, isFetching, refetch } = useQuery({
    queryKey: ['find', asked],
    queryFn: ({ signal }) => find(asked, signal),
    placeholderData: keepPreviousData,
  });

  // The first thing found is selected as soon as it is there, until somebody moves.
  const [selected, setSelected] = useState('');
  const [answered, setAnswered] = useState<Found>();
  if (data !== answered) {
    setAnswered(data);
    const [service] = data?.services ?? [];
    const [request] = data?.requests ?? [];
    setSelected(service ? `service ${service.name}` : request ? `request ${request.id}` : '');
  }

  function go(href: string) {
    onClose();
    router.push(href);
  }

  const has = (label: string) => label.toLowerCase().includes(text.trim().toLowerCase());
  const shownPlaces = [
    ...places,
    ...(mayCreate ? [draftsPlace] : []),
    ...(maySeeQueue ? [queuePlace] : []),
    ...(mayAudit ? [auditPlace] : []),
  ].filter(({ label }) => has(label));
  const nothing =
    data && data.services.length === 0 && data.requests.length === 0 && shownPlaces.length === 0 && !isFetching;

  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className={overlayClass} />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-28 left-1/2 z-50 w-[min(620px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-4 bg-raised shadow-3 max-md:top-3"
        >
          <Dialog.Title className="sr-only">Go to anything</Dialog.Title>
          <Command shouldFilter={false} label="Go to anything" loop value={selected} onValueChange={setSelected}>
            <div className="flex h-12 items-center gap-2.5 border-b border-line-strong pr-3.5 pl-4">
              <Search aria-hidden="true" className="size-4 text-ink-3" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="Service, port, host or request"
                className="h-full min-w-0 flex-1 bg-transparent text-15 outline-none placeholder:text-ink-3 max-md:text-[16px]"
              />
              <Kbd>Esc</Kbd>
            </div>
            <Command.List className="max-h-[min(420px,60vh)] overflow-y-auto">
              {isError ? (
                <div className="flex items-center gap-2 px-4 py-3 text-ink-2">
                  The search did not answer.
                  <button type="button" className="link" onClick={() => void refetch()}>
                    Try again
                  </button>
                </div>
              ) : null}
              {nothing ? (
                <p className="px-4 py-3 text-ink-2">
                  Nothing has “{text.trim()}” in its name, owner, host or ports. Try fewer words.
                </p>
              ) : null}
              {data && data.services.length > 0 ? (
                <Group title="Services">
                  {data.services.map((service) => (
                    <Item
                      key={service.name}
                      value={`service ${service.name}`}
                      icon={service.pending ? <HealthMark health="pending" /> : <Glyph icon={Anchor} />}
                      trailing={service.owner}
                      onSelect={() => go(`/services/${service.name}`)}
                    >
                      <b className={clsx('font-medium', service.pending ? 'text-accent' : 'text-ink')}>
                        {service.name}
                      </b>
                      <span className="mono ml-2.5">{service.ports}</span>
                    </Item>
                  ))}
                </Group>
              ) : null}
              {data && data.requests.length > 0 ? (
                <Group title="Requests">
                  {data.requests.map((request) => (
                    <Item
                      key={request.id}
                      value={`request ${request.id}`}
                      icon={<Glyph icon={GitPullRequest} />}
                      trailing={<RelativeTime at={request.createdAt} form="age" />}
                      onSelect={() => go(`/requests/${request.id}`)}
                    >
                      <b className="font-medium text-ink">Request {request.id}</b>
                      <span className="ml-2.5">
                        {request.title} · {request.stateLabel.toLowerCase()}
                      </span>
                    </Item>
                  ))}
                </Group>
              ) : null}
              {shownPlaces.length > 0 ? (
                <Group title="Places">
                  {shownPlaces.map((place) => (
                    <Item
                      key={place.href}
                      value={`place ${place.href}`}
                      icon={<Glyph icon={Search} />}
                      trailing={
                        <span className="flex gap-[3px]">
                          {place.keys.split(' ').map((key) => (
                            <Kbd key={key}>{key}</Kbd>
                          ))}
                        </span>
                      }
                      onSelect={() => go(place.href)}
                    >
                      {place.label}
                    </Item>
                  ))}
                </Group>
              ) : null}
              <Group title="Do">
                {mayCreate ? (
                  <Item
                    value="do new"
                    icon={<Glyph icon={Plus} />}
                    trailing={<Kbd>C</Kbd>}
                    onSelect={() => go('/services/new')}
                  >
                    New service
                  </Item>
                ) : null}
                <Item value="do keys" icon={<Glyph icon={Keyboard} />} trailing={<Kbd>?</Kbd>} onSelect={onKeys}>
                  All keys on this page
                </Item>
              </Group>
            </Command.List>
            <p
              className="flex gap-3.5 border-t border-line px-4 py-2 text-12 text-ink-3 max-md:hidden"
              aria-hidden="true"
            >
              <span className="flex items-center gap-[5px]">
                <Kbd>↑</Kbd>
                <Kbd>↓</Kbd> move
              </span>
              <span className="flex items-center gap-[5px]">
                <Kbd>↵</Kbd> open
              </span>
            </p>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
