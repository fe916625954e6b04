/** After a removal no file speaks of the service any more: no port, no container, no router. What stays on purpose is named by the plan. */
import { formatPortRange } from '@/lib/services/port-range';
import { isOwnName } from '../emitters/taken-ports';
import { observePorts } from '../observe/ports';
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
  return verdict(
    left.map(({ place, what }) => `${formatPlace(place)} still has ${what}.`),
    `${plural(plan.files.length, 'file')} changed, and none in use speaks of ${manifest.name}.`,
  );
}
