'use client';

import { PageError } from '@/components/shell/page-error';

export default function RootError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main id="main" className="min-h-dvh bg-surface">
      <PageError error={error} retry={retry} />
    </main>
  );
}
