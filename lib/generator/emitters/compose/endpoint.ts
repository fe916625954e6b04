/** How services that read secrets, parameters, queues or topics find LocalStack: by an anchor that they merge, or by variables. */
import type { ParsedNode } from 'yaml';
import { messagingVariables, secretVariables } from '../../naming';
import type { ComposeService } from '../../observe/compose-file';
import { readComposeFiles } from '../../observe/compose-files';
import type { EmitContext } from '../../types';
import type { ParsedYaml } from '../../yaml/parse';
import { asList, asRecord, asText } from '../../yaml/read';
import { anchored, childOf, mergedAnchors, type Anchored } from './shared-nodes';

export type EndpointStyle = Anchored | { variables: Record<string, string> };

/** Whether a service reads from LocalStack: secrets, parameters, queues, topics. */
export function needsEndpoint({ manifest, profile }: EmitContext): boolean {
  return secretVariables(manifest, profile).length + messagingVariables(manifest, profile).length > 0;
}

/** As the file's services say it, else as those of other files, else as the profile; undefined where nobody asks. */
export function learnEndpoint(
  context: EmitContext,
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
  own: ReadonlySet<string>,
): EndpointStyle | undefined {
  if (!needsEndpoint(context)) return undefined;
  return (
    secretEndpoint(yaml, services, nodes, context.profile.secrets?.endpoint) ??
    endpointElsewhere(context, yaml.path, own)
  );
}

/** How a service that reads secrets finds LocalStack here; undefined where none says it. */
function secretEndpoint(
  yaml: ParsedYaml,
  services: readonly ComposeService[],
  nodes: ReadonlyMap<string, ParsedNode | undefined>,
  endpoint: string | undefined,
): EndpointStyle | undefined {
  for (const service of services) {
    for (const anchor of mergedAnchors(childOf(nodes.get(service.name), 'environment'))) {
      const found = anchored(yaml, anchor);
      if (found && endpointIn(found.value, endpoint).length > 0) return found;
    }
    const variables = endpointIn(environmentOf(service.fields['environment']), endpoint);
    if (variables.length > 0) return { variables: Object.fromEntries(variables) };
  }
  return undefined;
}

/** How services of other files find it, written out: an anchor is known in its own file alone. */
function endpointElsewhere(
  { profile, tree }: EmitContext,
  path: string,
  own: ReadonlySet<string>,
): EndpointStyle | undefined {
  const endpoint = profile.secrets?.endpoint;
  if (endpoint === undefined) return undefined;
  for (const { file } of readComposeFiles(tree, profile)) {
    if (file.path === path) continue;
    for (const service of file.services) {
      const environment = environmentOf(service.fields['environment']);
      const found = endpointIn(environment, endpoint);
      if (own.has(service.name) || found.length === 0) continue;
      // Region and made-up keys stand beside it, or no client would call.
      const beside = Object.entries(environment).filter(([name]) => /^AWS_/.test(name));
      return { variables: Object.fromEntries([...found, ...beside]) };
    }
  }
  return { variables: { AWS_ENDPOINT_URL: endpoint } };
}

function endpointIn(
  environment: Readonly<Record<string, unknown>>,
  endpoint: string | undefined,
): (readonly [string, string])[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    const text = asText(value);
    return /ENDPOINT/.test(name) && text !== undefined && (text === endpoint || text.includes('localstack'))
      ? [[name, text] as const]
      : [];
  });
}

/** A service's environment by name, from a list or a map. */
export function environmentOf(value: unknown): Record<string, string> {
  const list = asList(value);
  if (!list)
    return Object.fromEntries(Object.entries(asRecord(value) ?? {}).map(([name, one]) => [name, asText(one) ?? '']));
  return Object.fromEntries(
    list.flatMap((item) => {
      const text = asText(item);
      if (text === undefined) return [];
      const at = text.indexOf('=');
      return [at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]];
    }),
  );
}
