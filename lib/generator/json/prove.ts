/** Proves that a JSON text has gained elements and keys and lost or changed nothing. */

/** The path of the first value of `before` that `after` lacks or holds differently; undefined where there is none. @throws nothing */
export function firstJsonChange(before: string, after: string): string | undefined {
  const [old, now] = [parsed(before), parsed(after)];
  if (!old || !now) return 'the whole document';
  return changed(old.value, now.value, '');
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.replace(/^\ufeff/, '')) as unknown };
  } catch {
    return undefined;
  }
}

function changed(old: unknown, now: unknown, path: string): string | undefined {
  const here = path === '' ? 'the whole document' : path;
  if (Array.isArray(old)) {
    if (!Array.isArray(now)) return here;
    let at = 0;
    for (const [index, item] of (old as unknown[]).entries()) {
      while (at < now.length && changed(item, now[at], path) !== undefined) at += 1;
      if (at === now.length) return `${path}[${index}]`;
      at += 1;
    }
    return undefined;
  }
  if (typeof old === 'object' && old !== null) {
    if (typeof now !== 'object' || now === null || Array.isArray(now)) return here;
    const [before, after] = [Object.entries(old), new Map(Object.entries(now))];
    for (const [key, value] of before) {
      const inside = path === '' ? key : `${path}.${key}`;
      if (!after.has(key)) return inside;
      const found = changed(value, after.get(key), inside);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return Object.is(old, now) ? undefined : here;
}
