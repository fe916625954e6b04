/** A dynamic part of a path comes as it stands in the address. What is no valid encoding is taken as it is: nothing will have that name. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
