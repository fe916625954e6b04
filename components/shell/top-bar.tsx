/** The bar on every page: places, jump, theme, new service, account. Menus are the browser's own popovers and need no script. */
import { FilePen, LogOut, Menu as MenuIcon, Settings } from 'lucide-react';
import Link from 'next/link';
import type { Actor } from '@/lib/auth/permissions';
import { buttonClass } from '@/components/ui/button';
import { Brand } from './brand';
import { JumpButton } from './commands';
import { NavLinks, type NavPlace } from './nav-links';
import { NewServiceLink } from './new-service-link';
import type { Theme } from './theme';
import { ThemeSwitch } from './theme-switch';

const roleWords: Record<Actor['role'], string> = {
  viewer: 'Viewer: sees everything, changes nothing',
  engineer: 'Engineer: adds services',
  operator: 'Operator: reviews requests',
  admin: 'Admin: all of it, and the settings',
};

function initials(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0]?.[0], words[1]?.[0]] : [words[0]?.slice(0, 2)];
  return letters.join('').toUpperCase();
}

const popoverClass =
  'fixed inset-auto top-[calc(var(--h-bar)-4px)] right-3 m-0 w-64 rounded-3 border-0 bg-raised py-1.5 text-ink shadow-2 md:right-5';

export function TopBar({
  actor,
  mayCreate,
  maySeeSettings,
  mayAudit,
  maySeeQueue,
  openRequests,
  theme,
}: {
  actor: Actor;
  mayCreate: boolean;
  maySeeSettings: boolean;
  mayAudit: boolean;
  maySeeQueue: boolean;
  openRequests: number;
  theme: Theme;
}) {
  const places: NavPlace[] = [
    { href: '/services', label: 'Catalog' },
    { href: '/requests', label: 'Requests', count: openRequests, counts: 'open' },
    { href: '/ports', label: 'Ports' },
    ...(maySeeQueue ? [{ href: '/queue', label: 'Queue' }] : []),
    ...(mayAudit ? [{ href: '/audit', label: 'Audit' }] : []),
  ];
  return (
    <header className="sticky top-0 z-20 flex h-(--h-bar) shrink-0 items-center gap-3 border-b border-line bg-canvas px-5 max-md:gap-1 max-md:pr-3 max-md:pl-4">
      <a href="#main" className={`${buttonClass()} absolute top-2 left-3 z-10 not-focus:sr-only`}>
        Skip to the content
      </a>
      <Brand />
      <nav aria-label="Main" className="flex h-full gap-0.5 max-md:hidden">
        <NavLinks places={places} />
      </nav>
      <span className="flex-1" />
      <JumpButton />
      <span className="max-md:hidden">
        <ThemeSwitch initial={theme} />
      </span>
      {mayCreate ? <NewServiceLink /> : null}
      <button
        type="button"
        popoverTarget="account"
        aria-label={`Account: ${actor.name}, ${actor.role}`}
        className="flex h-(--h-control) items-center gap-2 rounded-2 px-1 text-ink-2 hover:text-ink"
      >
        <span
          aria-hidden="true"
          className="grid size-[22px] place-items-center rounded-2 border border-line-strong bg-press font-mono text-[10px] leading-none font-medium max-md:hidden"
        >
          {initials(actor.name)}
        </span>
        <span className="max-w-40 truncate max-lg:hidden">{actor.name}</span>
        <MenuIcon aria-hidden="true" className="size-4 text-ink-3 md:hidden" />
      </button>
      <div id="account" popover="auto" role="group" aria-label="Account" className={popoverClass}>
        <div className="border-b border-line px-4 pt-1 pb-2.5">
          <p className="truncate font-medium">{actor.name}</p>
          <p className="text-12 text-ink-3">{roleWords[actor.role]}</p>
        </div>
        <nav aria-label="Places" className="border-b border-line py-1 md:hidden">
          <NavLinks places={places} column />
        </nav>
        <div className="md:hidden">
          <ThemeSwitch initial={theme} withLabel />
        </div>
        {mayCreate ? (
          <Link href="/drafts" className="mt-1 flex h-9 items-center gap-2 px-4 text-ink-2 hover:bg-press">
            <FilePen aria-hidden="true" className="size-[15px] text-ink-3" />
            Drafts
          </Link>
        ) : null}
        {maySeeSettings ? (
          <Link href="/settings" className="mt-1 flex h-9 items-center gap-2 px-4 text-ink-2 hover:bg-press">
            <Settings aria-hidden="true" className="size-[15px] text-ink-3" />
            Settings
          </Link>
        ) : null}
        <form method="post" action="/sign-out">
          <button type="submit" className="flex h-9 w-full items-center gap-2 px-4 text-left text-ink-2 hover:bg-press">
            <LogOut aria-hidden="true" className="size-[15px] text-ink-3" />
            Sign out
          </button>
        </form>
      </div>
    </header>
  );
}
