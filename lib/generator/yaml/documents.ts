/** The documents of a stream, each with its text as it stands there; those of nothing but comments are left out. */
export function documentsIn(stream: string): string[] {
  return stream.split(/^---[ \t]*(?:\r?\n|$)/m).filter((document) => /^[^#\s]/m.test(document));
}
