/** Which rows of a long table are drawn. Rows have one height, so a division says it all; pure, the hook beside it measures. */

export interface RowWindow {
  /** First row that is drawn, and the first that is not any more. */
  start: number;
  end: number;
}

/** Tables up to this length are drawn in full: find-in-page and printing then see every row. */
export const shortTable = 200;

/** Rows the server draws of a long table: more than the tallest screen shows. */
export const firstRows = 80;

const overscan = 12;

/**
 * @param above pixels of the table that lie above the window's upper edge; negative while its top is in sight.
 * @returns the rows in sight and some on both sides, in steps, so that not every pixel of scrolling draws anew.
 */
export function rowWindow(count: number, rowHeight: number, above: number, viewport: number): RowWindow {
  if (count <= shortTable) return { start: 0, end: count };
  const first = Math.floor(above / rowHeight) - overscan;
  const start = Math.max(0, Math.min(Math.floor(first / overscan) * overscan, count - 1));
  const shown = Math.ceil(viewport / rowHeight) + 3 * overscan;
  return { start, end: Math.min(count, start + shown) };
}
