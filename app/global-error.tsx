'use client';
/** Even the frame broke: this page brings its own. */
import { PageError } from '@/components/shell/page-error';
import './globals.css';

export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Slipway</title>
        <main id="main" className="min-h-dvh bg-surface">
          <PageError error={error} retry={retry} />
        </main>
      </body>
    </html>
  );
}
