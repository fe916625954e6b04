import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Commands } from '@/components/shell/commands';
import { HotkeysProvider } from '@/components/shell/hotkeys';
import { readTheme, themeCookie } from '@/components/shell/theme';
import { TopBar } from '@/components/shell/top-bar';
import { can } from '@/lib/auth/permissions';
import { requireActor } from '@/lib/auth/session';
import { countOpen } from '@/lib/requests/queries';

/** The frame around every page of the portal. Each page asks for its own permission as well: layouts are not run again on every navigation. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor('services.read');
  const [openRequests, jar] = await Promise.all([countOpen(), cookies()]);
  return (
    <HotkeysProvider>
      <TopBar
        actor={actor}
        mayCreate={can(actor, 'drafts.write')}
        maySeeSettings={can(actor, 'settings.read')}
        mayAudit={can(actor, 'audit.read')}
        maySeeQueue={can(actor, 'queue.read')}
        openRequests={openRequests}
        theme={readTheme(jar.get(themeCookie)?.value)}
      />
      <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col pb-(--h-waterline) outline-none">
        {children}
      </main>
      <Commands
        mayCreate={can(actor, 'drafts.write')}
        mayAudit={can(actor, 'audit.read')}
        maySeeQueue={can(actor, 'queue.read')}
      />
    </HotkeysProvider>
  );
}
