/** The places where a running service can be looked at, from the profile's templates; and how its container is started. */
import type { Profile } from '@/lib/generator/profile';
import type { ServiceDetails } from '@/lib/services/views';
import { fillLinkTemplate } from './link-template';

export interface OutsideLink {
  title: string;
  url: string;
}

const titles = { grafana: 'Grafana', loki: 'Loki', jaeger: 'Jaeger', argocd: 'Argo CD' } as const;

/** Those of the profile, one for each environment where the template asks for it, then the service's own dashboards. */
export function serviceLinks(service: ServiceDetails, profile: Profile | undefined): OutsideLink[] {
  const container = `${profile?.naming.containerPrefix ?? ''}${service.name}`;
  const environments = service.manifest?.runtime.kubernetes?.environments ?? [];
  const links: OutsideLink[] = [];
  for (const kind of ['grafana', 'loki', 'jaeger', 'argocd'] as const) {
    const template = profile?.links[kind];
    if (!template) continue;
    const each = template.includes('{environment}') ? environments : [undefined];
    for (const environment of each) {
      const url = fillLinkTemplate(template, { service: service.name, host: service.host, container, environment });
      if (url) links.push({ title: environment ? `${titles[kind]} ${environment}` : titles[kind], url });
    }
  }
  return [...links, ...(service.manifest?.docs.dashboards ?? [])];
}

/** The commands of the profile for the file that the service stands in. Empty where it does not run on Compose. */
export function startCommands(service: ServiceDetails, profile: Profile | undefined): string[] {
  const compose = profile?.compose;
  if (!compose) return [];
  const files = Object.values(compose.stacks).concat(compose.root ?? []);
  const inStack = service.stack === undefined ? undefined : compose.stacks[service.stack];
  const file = inStack ?? service.places.find(({ path }) => files.includes(path))?.path;
  if (!file) return [];
  return [compose.startCommand.replaceAll('{file}', file).replaceAll('{service}', service.name)];
}
