'use client';
/** What works on every page: Ctrl-K opens the palette, `?` lists the keys, G and a letter goes somewhere, `/` searches. Both dialogs are fetched when first opened. */
import { Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { buttonClass } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { useHotkeys } from './hotkeys';

const Palette = dynamic(() => import('./palette').then((module) => module.Palette), { ssr: false });
const KeysDialog = dynamic(() => import('./keys-dialog').then((module) => module.KeysDialog), { ssr: false });

/** Anything may ask for the palette or the keys without being below this component. */
export const openPaletteEvent = 'slipway:palette';
export const openKeysEvent = 'slipway:keys';

/** The one search field of a page carries this attribute. */
const searchSelector = '[data-page-search]';

function subscribeToNothing(): () => void {
  return () => undefined;
}

/** Keys that work everywhere, and the two dialogs. Once, in the portal's layout. */
export function Commands({
  mayCreate,
  mayAudit,
  maySeeQueue,
}: {
  mayCreate: boolean;
  mayAudit: boolean;
  maySeeQueue: boolean;
}) {
  const router = useRouter();
  const [open, setOpen] = useState<'palette' | 'keys'>();

  useHotkeys([
    { keys: 'mod+k', label: 'Go to anything', run: () => setOpen('palette') },
    {
      keys: '/',
      label: 'Search',
      run: () => {
        const field = document.querySelector<HTMLInputElement>(searchSelector);
        if (field) field.focus();
        else setOpen('palette');
      },
    },
    ...(mayCreate ? [{ keys: 'c', label: 'New service', run: () => router.push('/services/new') }] : []),
    { keys: 'g c', label: 'Catalog', run: () => router.push('/services') },
    { keys: 'g r', label: 'Requests', run: () => router.push('/requests') },
    { keys: 'g p', label: 'Ports', run: () => router.push('/ports') },
    ...(mayCreate ? [{ keys: 'g d', label: 'Drafts', run: () => router.push('/drafts') }] : []),
    ...(maySeeQueue ? [{ keys: 'g q', label: 'Queue', run: () => router.push('/queue') }] : []),
    ...(mayAudit ? [{ keys: 'g a', label: 'Audit', run: () => router.push('/audit') }] : []),
    { keys: '?', label: 'All keys', run: () => setOpen('keys') },
  ]);

  useEffect(() => {
    const palette = () => setOpen('palette');
    const keys = () => setOpen('keys');
    window.addEventListener(openPaletteEvent, palette);
    window.addEventListener(openKeysEvent, keys);
    return () => {
      window.removeEventListener(openPaletteEvent, palette);
      window.removeEventListener(openKeysEvent, keys);
    };
  }, []);

  return (
    <>
      {open === 'palette' ? (
        <Palette
          mayCreate={mayCreate}
          mayAudit={mayAudit}
          maySeeQueue={maySeeQueue}
          onClose={() => setOpen(undefined)}
          onKeys={() => setOpen('keys')}
        />
      ) : null}
      {open === 'keys' ? <KeysDialog onClose={() => setOpen(undefined)} /> : null}
    </>
  );
}

/** Looks like a search field, opens the palette. */
export function JumpButton() {
  const mac = useSyncExternalStore(
    subscribeToNothing,
    () => navigator.userAgent.includes('Mac'),
    () => false,
  );
  const open = () => window.dispatchEvent(new Event(openPaletteEvent));
  return (
    <>
      <button
        type="button"
        onClick={open}
        aria-label="Go to anything"
        aria-keyshortcuts="Control+K Meta+K"
        className="flex h-(--h-control) w-[248px] items-center gap-2 rounded-2 border border-line-strong bg-surface pr-1.5 pl-[9px] text-left text-ink-3 hover:border-line-control max-md:hidden max-lg:w-[160px]"
      >
        <Search aria-hidden="true" className="size-3.5" />
        <span className="flex-1 truncate">Go to anything</span>
        <span className="flex gap-1" aria-hidden="true">
          <Kbd>{mac ? '⌘' : 'Ctrl'}</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <button
        type="button"
        onClick={open}
        aria-label="Go to anything"
        className={`${buttonClass({ variant: 'ghost', icon: true })} md:hidden`}
      >
        <Search aria-hidden="true" className="size-4 text-ink-3" />
      </button>
    </>
  );
}
