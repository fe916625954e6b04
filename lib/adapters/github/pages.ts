/** GitHub gives long lists page by page. */

/** The most that it gives at once. */
export const PAGE_SIZE = 100;

/** Reads page after page until one is not full. */
export async function allPages<Item>(read: (page: number) => Promise<Item[]>): Promise<Item[]> {
  const all: Item[] = [];
  for (let page = 1; ; page += 1) {
    const items = await read(page);
    all.push(...items);
    if (items.length < PAGE_SIZE) return all;
  }
}
