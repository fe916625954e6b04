'use client';
/** All keys that work on this page, and whether single keys work at all. */
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { hotkeyCaps } from './hotkey-match';
import { useAllHotkeys, useSingleKeys } from './hotkeys';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const all = useAllHotkeys();
  const [hotkeys] = useState(() => {
    const seen = new Set<string>();
    return all().filter(({ keys }) => !seen.has(keys) && seen.add(keys));
  });
  const [singles, setSingles] = useSingleKeys();
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Keys on this page"
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <dl className="mt-3 columns-2 gap-8 max-md:columns-1">
        {hotkeys.map(({ keys, label }) => (
          <div key={keys} className="flex h-8 break-inside-avoid items-center gap-1 border-b border-line">
            <dt className="order-2 ml-auto flex gap-1">
              {hotkeyCaps(keys).map((cap) => (
                <Kbd key={cap}>{cap}</Kbd>
              ))}
            </dt>
            <dd className="text-ink-2">{label}</dd>
          </div>
        ))}
      </dl>
      <Checkbox className="mt-4 w-fit pr-1" checked={singles} onChange={(event) => setSingles(event.target.checked)}>
        Keys without Ctrl or Cmd work
      </Checkbox>
    </Dialog>
  );
}
