import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { readTheme, themeCookie } from '@/components/shell/theme';
import { hyphen, inter, jetbrainsMono } from './fonts/fonts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Slipway', template: '%s · Slipway' },
  description: 'Describe a service; get a reviewed pull request in the platform’s repository.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
};

/** The theme comes from a cookie: the first byte has the right colours, no script is needed for it and nothing flashes. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html
      lang="en"
      className={`${hyphen.variable} ${inter.variable} ${jetbrainsMono.variable}`}
      data-theme={theme === 'system' ? undefined : theme}
    >
      <body className="flex flex-col">{children}</body>
    </html>
  );
}
