/** After a removal no file speaks of the service any more: no port, no container, no router. What stays on purpose is named by the plan. */
import { formatPortRange } from '@/lib/services/port-range';
import { isOwnName } from '../emitters/taken-ports';
import { escapeRegExp } from '../escape-reg-exp';
import { listComposeFiles } from '../observe/compose-files';
import { observePorts } from '../observe/ports';
import { unreadable } from '../observe/read-yaml';
import { observeServices } from '../observe/services';
import { formatPlace } from '../patch';
import { plural, verdict, type CheckInput, type Verdict } from './check';

/** A fault for each file in use that still has the service, unless the plan says that it is left alone there. */
export function nothingLeft({ plan, manifest, profile, after }: CheckInput): Verdict {
  const alone = new Set([
    ...plan.refusals.map((one) => one.path),
    ...plan.conflicts.map((one) => one.path),
    ...plan.findings.filter((one) => one.kind === 'kept').map((one) => one.path),
  ]);
  const services = observeServices(after, profile).filter((one) => one.name === manifest.name);
  const ports = observePorts(after, profile).filter((one) => isOwnName(one.service, manifest, profile));
  const left = [
    ...services.flatMap((one) => one.places.map((place) => ({ place, what: `the service ${one.name}` }))),
    ...ports.map((one) => ({ place: one, what: `${formatPortRange(one.range)}/${one.protocol} of ${one.service}` })),
  ].filter(({ place }) => !alone.has(place.path));
  const unread = unreadFiles({ manifest, profile, after });
  return verdict(
    [...left.map(({ place, what }) => `${formatPlace(place)} still has ${what}.`), ...unread],
    `${plural(plan.files.length, 'file')} changed, and none in use speaks of ${manifest.name}.`,
  );
}

/** Files in use that cannot be read and have the service's name in them: nobody has seen what stands there of it, so that it would stay. */
function unreadFiles({ manifest, profile, after }: Pick<CheckInput, 'manifest' | 'profile' | 'after'>): string[] {
  const dynamic = profile.traefik?.dynamic;
  const routed = after.paths.filter((path) => path === dynamic || (dynamic !== undefined && isYamlIn(dynamic, path)));
  const registry = profile.ports?.registry;
  const composed = listComposeFiles(after, profile).map(({ path }) => path);
  const named = new RegExp(`(?<![\\w-])${escapeRegExp(manifest.name)}(?![\\w-])`);
  return [...new Set([...composed, ...routed, ...(registry === undefined ? [] : [registry])])].flatMap((path) => {
    if (!named.test(after.read(path) ?? '')) return [];
    const finding = unreadable(after, path);
    if (!finding) return [];
    return [
      `${formatPlace(finding)} has ${manifest.name} in it and cannot be read: mend the file first. ${finding.message}`,
    ];
  });
}

function isYamlIn(folder: string, path: string): boolean {
  return path.startsWith(`${folder.replace(/\/$/, '')}/`) && /\.ya?ml$/i.test(path);
}
