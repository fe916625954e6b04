/** Registry, Compose, Traefik and the chart say the same of the service: its name, its ports, its hosts; of one that is removed, nothing. */
import { formatPortRange, type PortRange } from '@/lib/services/port-range';
import { chartOf, isFileEach, sharedValues } from '../emitters/chart-choice';
import { readSharedChart } from '../emitters/helm-values/shared-chart';
import { containerPrefixOf } from '../emitters/compose/habits';
import { isOwnName } from '../emitters/taken-ports';
import { readComposeFiles } from '../observe/compose-files';
import { observePorts } from '../observe/ports';
import { readYaml } from '../observe/read-yaml';
import { observeServices } from '../observe/services';
import { servicesFileOf } from '../operations';
import { profilePath } from '../profile';
import type { PortObservation, ResolvedPort } from '../types';
import { asList, asRecord } from '../yaml/read';
import { plural, verdict, type Check, type CheckInput } from './check';
import { inTraefik } from './names-in-traefik';
import { nothingLeft } from './nothing-left';

/** One comparison: where, what was expected there, and whether it is so. */
export interface Comparison {
  path: string;
  what: string;
  holds: boolean;
}

export const namesAgree: Check = {
  id: 'names-agree',
  name: 'Files agree on name, port and host',
  run(input) {
    if (input.plan.action === 'remove') return nothingLeft(input);
    const all = [...inRegistry(input), ...inCompose(input), ...inTraefik(input), ...inChart(input)];
    // What a person is to paste by hand cannot agree yet, nor can a file that an emitter left alone over a conflict.
    const obstacles = [...input.plan.refusals, ...input.plan.conflicts];
    const touched = new Set(input.plan.files.map((file) => file.path));
    const byHand = new Set(obstacles.map((one) => one.path));
    if (obstacles.length > 0) for (const one of all) if (!touched.has(one.path)) byHand.add(one.path);
    const compared = all.filter((one) => !byHand.has(one.path));
    const left = [...new Set(all.filter((one) => byHand.has(one.path)).map((one) => one.path))];
    const result = verdict(
      compared.filter((one) => !one.holds).map((one) => `${one.path} does not say: ${one.what}.`),
      `${plural(compared.length, 'statement')} compared in ${plural(new Set(compared.map((one) => one.path)).size, 'file')}.`,
      compared.filter((one) => one.holds).map((one) => `${one.path}  ${one.what}`),
    );
    if (left.length === 0 || result.status === 'fail') return result;
    return {
      ...result,
      status: 'warn',
      summary: `${result.summary} Not compared, since they were left alone: ${left.join(', ')}.`,
    };
  },
};

function isPublished(port: ResolvedPort): port is ResolvedPort & { external: PortRange } {
  return port.external !== 'none';
}

function inRegistry({ manifest, profile, tree, after }: CheckInput): Comparison[] {
  const path = profile.ports?.registry;
  if (path === undefined) return [];
  const ownIn = (where: CheckInput['tree']) =>
    observePorts(where, profile).filter(
      (one) => one.source === 'registry' && isOwnName(one.service, manifest, profile),
    );
  const own = ownIn(after);
  const known = new Set(ownIn(tree).map((one) => `${one.protocol} ${formatPortRange(one.range)}`));
  const published = manifest.ports.filter(isPublished);
  // Registries say a port twice where they keep a list and a summary: both have to say the same number. A summary has no place for the protocol
  // (`rtc_ports: "7994-7996"`), which is compared below.
  const said = (one: PortObservation) => published.some((port) => same(one.range, port.external));
  const others = own.filter((one) => !said(one) && !known.has(`${one.protocol} ${formatPortRange(one.range)}`));
  return [
    ...published.map((port) => ({
      path,
      what: `${manifest.name} has ${formatPortRange(port.external)}/${port.protocol}`,
      holds: own.some((one) => same(one.range, port.external) && one.protocol === port.protocol),
    })),
    ...others.map((one) => ({
      path,
      what: `${manifest.name} has no other port than the spec’s, and ${formatPortRange(one.range)}/${one.protocol} in line ${one.line ?? 1} is one`,
      holds: false,
    })),
  ];
}

function inCompose({ manifest, profile, after }: CheckInput): Comparison[] {
  const path = servicesFileOf(manifest, profile);
  if (path === undefined) return [];
  const service = observeServices(after, profile).find((one) => one.name === manifest.name);
  const container = `${profile.naming.containerPrefix}${manifest.name}`;
  // A stack may call its containers in a way of its own.
  const prefixes = readComposeFiles(after, profile).flatMap(
    ({ file }) => containerPrefixOf(file.services.filter((one) => one.name !== manifest.name)) ?? [],
  );
  const names = new Set([container, ...prefixes.map((prefix) => `${prefix}${manifest.name}`)]);
  return [
    {
      path,
      what: `there is a service ${manifest.name}`,
      holds: service?.places.some((place) => place.path === path) ?? false,
    },
    ...(service?.containerName === undefined
      ? []
      : [{ path, what: `its container is ${container}`, holds: names.has(service.containerName) }]),
    ...manifest.ports.filter(isPublished).map((port) => ({
      path,
      what: `${formatPortRange(port.external)} leads to ${formatPortRange(port.internal)}/${port.protocol}`,
      holds:
        service?.ports.some(
          (one) =>
            one.protocol === port.protocol &&
            same(one.range, port.external) &&
            (one.internal === undefined || same(one.internal, port.internal)),
        ) ?? false,
    })),
  ];
}

function inChart({ manifest, profile, after }: CheckInput): Comparison[] {
  if (!profile.helm || !manifest.runtime.kubernetes) return [];
  if (chartOf(manifest, profile) === 'shared') return inSharedChart({ manifest, profile, after });
  const folder = `${profile.helm.charts.replace(/\/+$/, '')}/${manifest.name}`;
  const chart = asRecord(readYaml(after, `${folder}/Chart.yaml`)?.toJs());
  const values = asRecord(readYaml(after, `${folder}/values.yaml`)?.toJs());
  const ports = (asList(values?.['ports']) ?? []).map((port) => asRecord(port) ?? {});
  return [
    {
      path: `${folder}/Chart.yaml`,
      what: `the chart is called ${manifest.name}`,
      holds: chart?.['name'] === manifest.name,
    },
    ...manifest.ports
      .filter((port) => port.internal.from === port.internal.to)
      .map((port) => ({
        path: `${folder}/values.yaml`,
        what: `the container listens on ${port.internal.from}/${port.protocol}`,
        holds: ports.some(
          (one) => one['containerPort'] === port.internal.from && one['protocol'] === port.protocol.toUpperCase(),
        ),
      })),
  ];
}

/** The block in the shared chart's values; which of its fields say the ports is that chart's own affair. */
function inSharedChart({ manifest, profile, after }: Pick<CheckInput, 'manifest' | 'profile' | 'after'>): Comparison[] {
  const shared = profile.helm?.shared;
  if (shared && isFileEach(shared)) {
    const path = sharedValues(shared, manifest.name);
    const holds = asRecord(readYaml(after, path)?.toJs()) !== undefined;
    return [{ path, what: `the shared chart has values for ${manifest.name}`, holds }];
  }
  const read = readSharedChart({ profile, tree: after });
  const holds = 'chart' in read && read.chart.blocks.some((block) => block.name === manifest.name);
  return [
    { path: profile.helm?.shared?.values ?? profilePath, what: `the shared chart has a block ${manifest.name}`, holds },
  ];
}

function same(a: PortRange, b: PortRange): boolean {
  return a.from === b.from && a.to === b.to;
}
