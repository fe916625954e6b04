/** What Helm renders, as people may see it: the values of secrets are taken out. */
import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';

const NOT_SHOWN = '(not shown)';

/** One rendered document with a word in place of every value of a Secret; other documents as they are, byte by byte. */
export function withoutSecrets(document: string): string {
  if (!/\bSecret/.test(document)) return document;
  const yaml = parseDocument(document);
  if (yaml.errors.length > 0) return '# A Secret that cannot be read is not shown.\n';
  if (!hideIn(yaml.contents)) return document;
  return yaml.toString({ lineWidth: 0 });
}

/** @returns whether anything was hidden. A list of objects holds them as its items. */
function hideIn(object: unknown): boolean {
  if (!isMap(object)) return false;
  const items = object.get('items');
  const inItems = isSeq(items) ? items.items.map(hideIn).some(Boolean) : false;
  if (object.get('kind') !== 'Secret') return inItems;
  for (const key of ['data', 'stringData']) hideValues(object, key);
  // kubectl keeps a copy of the whole object here.
  const copy = ['metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'];
  if (object.hasIn(copy)) object.deleteIn(copy);
  return true;
}

/** The names stay: which keys a secret has is what a reviewer looks for. */
function hideValues(secret: YAMLMap, key: string): void {
  const values = secret.get(key);
  if (values === undefined || values === null) return;
  const names = isMap(values)
    ? values.items.map(({ key: name }) => (isScalar(name) ? String(name.value) : String(name)))
    : undefined;
  secret.set(key, names ? Object.fromEntries(names.map((name) => [name, NOT_SHOWN])) : NOT_SHOWN);
}
