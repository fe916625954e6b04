/** Whether a service that is there already says what the spec says, whatever form it takes and whoever wrote it. */
import type { ComposeService } from '../../observe/compose-file';
import { fillDefaults } from '../../observe/port-text';
import { asList, asRecord, asText } from '../../yaml/read';
import type { ServiceContent } from './content';
import { environmentOf } from './endpoint';
import { shortMount, shortPort } from './service-block';

/**
 * The fields in which a service differs from the spec. What a spec cannot say (`command`, `logging`, …) is not compared: people may
 * have added it since.
 */
export function differences(service: ComposeService, content: ServiceContent): string[] {
  const { fields } = service;
  const build = asRecord(fields['build']);
  const context = asText(fields['build']) ?? asText(build?.['context']);
  const check = asRecord(fields['healthcheck']);
  const compared: [string, unknown, unknown][] = [
    ['image', service.image, content.image],
    ['build', context && trimPath(context), content.build && trimPath(content.build.context)],
    ['build.dockerfile', build?.['dockerfile'], content.build?.dockerfile],
    ['container_name', content.containerName && service.containerName, content.containerName],
    ['profiles', list(fields['profiles'], profileText), [...content.profiles].sort()],
    ['restart', asText(fields['restart']), content.restart],
    ['labels', sorted(labelsCompared(service, content)), sorted(content.labels)],
    ['environment', sorted(environmentOf(fields['environment'])), sorted(content.environment)],
    ['ports', list(fields['ports'], portText), content.ports.map(shortPort).sort()],
    ['volumes', list(fields['volumes'], volumeText), content.volumes.map(shortMount).sort()],
    ['depends_on', [...service.dependsOn].sort(), Object.keys(content.dependsOn).sort()],
    [
      'healthcheck',
      check && [testText(check['test']), ...timings(check)],
      content.healthCheck && [content.healthCheck.test.join(' '), ...timings(content.healthCheck)],
    ],
    ['networks', [...service.networks].sort(), [...content.networks].sort()],
  ];
  return compared.flatMap(([name, there, wanted]) =>
    JSON.stringify(there ?? null) === JSON.stringify(wanted ?? null) ? [] : [name],
  );
}

/** Labels of the house and of the spec only: others are nobody's business here. */
function labelsCompared(service: ComposeService, content: ServiceContent): Record<string, string> {
  return Object.fromEntries(Object.entries(service.labels).filter(([name]) => name in content.labels));
}

function sorted(values: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

function list(value: unknown, read: (item: unknown) => string): string[] {
  return (asList(value) ?? []).map(read).sort();
}

function profileText(item: unknown): string {
  return asText(item) ?? '';
}

function portText(item: unknown): string {
  const long = asRecord(item);
  if (!long)
    return fillDefaults(asText(item) ?? '')
      .replace(/^(?:0\.0\.0\.0:)/, '')
      .replace(/\/tcp$/, '');
  const protocol = asText(long['protocol']) === 'udp' ? '/udp' : '';
  return `${asText(long['published']) ?? ''}:${asText(long['target']) ?? ''}${protocol}`;
}

function volumeText(item: unknown): string {
  const long = asRecord(item);
  if (!long) return (asText(item) ?? '').replace(/:rw$/, '');
  const readOnly = long['read_only'] === true ? ':ro' : '';
  return `${asText(long['source']) ?? ''}:${asText(long['target']) ?? ''}${readOnly}`;
}

function testText(value: unknown): string {
  const words = asList(value);
  return words ? words.map((word) => asText(word) ?? '').join(' ') : `CMD-SHELL ${asText(value) ?? ''}`;
}

function timings(check: Readonly<Record<string, unknown>> | NonNullable<ServiceContent['healthCheck']>): string[] {
  const record = check as Readonly<Record<string, unknown>>;
  return ['interval', 'timeout', 'retries'].map((key) => asText(record[key]) ?? '');
}

function trimPath(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '');
}
