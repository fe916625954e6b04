/** All typefaces come from our own server and are preloaded; they cover Latin, other scripts fall back to the system's. */
import localFont from 'next/font/local';

export const inter = localFont({
  src: '../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  weight: '100 900',
  variable: '--font-inter',
  display: 'swap',
});

/** The hyphen at its own width (see SOURCES.md): stands before Inter in the stack. */
export const hyphen = localFont({
  src: './inter-hyphen.woff2',
  weight: '100 900',
  variable: '--font-hyphen',
  display: 'swap',
  adjustFontFallback: false,
  declarations: [{ prop: 'unicode-range', value: 'U+002D' }],
});

export const jetbrainsMono = localFont({
  src: '../../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
  weight: '100 800',
  variable: '--font-jetbrains',
  display: 'swap',
});
