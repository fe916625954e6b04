/** The mounts of a Compose service, short and long form alike. */
import type { ComposeService } from '../../observe/compose-file';
import { asList, asRecord, asText } from '../../yaml/read';

export interface Mount {
  /** Place in the service's list of volumes. */
  index: number;
  /** A named volume, or a path as the file writes it; undefined for an anonymous volume. */
  source: string | undefined;
  target: string;
  readOnly: boolean;
}

/** The mounts of a service in order; what is of no known form is left out. */
export function mountsOf(service: ComposeService): Mount[] {
  return (asList(service.fields['volumes']) ?? []).flatMap((item, index): Mount[] => {
    const long = asRecord(item);
    if (long) {
      const target = asText(long['target']);
      if (target === undefined) return [];
      return [{ index, source: asText(long['source']), target, readOnly: long['read_only'] === true }];
    }
    const [first = '', second, ...options] = (asText(item) ?? '').split(':');
    if (second === undefined) return first === '' ? [] : [{ index, source: undefined, target: first, readOnly: false }];
    return [{ index, source: first, target: second, readOnly: options.join(':').split(',').includes('ro') }];
  });
}

/** Whether the source of a mount is a named volume and no path. */
export function isNamedVolume(source: string | undefined): source is string {
  return source !== undefined && /^[A-Za-z0-9][\w.-]*$/.test(source);
}

/** The folder of a path. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
