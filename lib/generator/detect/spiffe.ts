/** Guesses about SPIFFE: where helpers are configured and registered, where certificates and socket are, and what helpers' parts are called. */
import { hclValue, parseHcl } from '../hcl/parse';
import { readComposeFile, type ComposeService } from '../observe/compose-file';
import { readYaml } from '../observe/read-yaml';
import type { Tree } from '../types';
import { asList, asRecord, asText } from '../yaml/read';
import { baseName, folderOf, isInUse, known, mostCommon, shallowest, type Guesses } from './guess';

const COMPOSE_NAME = /^(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;

export function detectSpiffe(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const configs = tree.paths.filter(
    (path) =>
      /\.(?:conf|hcl)$/i.test(path) && isInUse(path) && /^\s*svid_?file_?name\s*=/im.test(tree.read(path) ?? ''),
  );
  const folder = mostCommon(configs.map(folderOf));
  if (!folder || folder.value === '') return undefined;
  const note = guesses.note.bind(guesses);
  const helperConfigs = note(
    'spiffe.helperConfigs',
    folder.value,
    `${folder.count} helper configurations are in it`,
    folder.value,
  );
  const registration = detectRegistration(tree);
  note('spiffe.registration', registration, 'it creates registration entries', registration);
  const inFolder = configs.filter((path) => folderOf(path) === folder.value);
  const value = (key: string) => {
    const values = inFolder.flatMap((path) => {
      const parsed = parseHcl(tree.read(path) ?? '');
      const said = parsed.ok ? hclValue(parsed.body, key) : undefined;
      return typeof said === 'string' && said.startsWith('/') ? [said] : [];
    });
    return mostCommon(values);
  };
  const certs = value('cert_dir');
  const socket = value('agent_address');
  const services = tree.paths
    .filter((path) => COMPOSE_NAME.test(baseName(path)) && isInUse(path))
    .flatMap((path) => {
      const yaml = readYaml(tree, path);
      return yaml ? readComposeFile(yaml).services : [];
    });
  const agent = mostCommon(
    services.filter((service) => imageName(service) === 'spire-agent').map((service) => service.name),
  );
  return known({
    helperConfigs,
    registration,
    certsPath: note('spiffe.certsPath', certs?.value, `${certs?.count ?? 0} helpers write there`),
    socketPath: note('spiffe.socketPath', socket?.value, `${socket?.count ?? 0} helpers ask there`),
    agent: note('spiffe.agent', agent?.value, 'it runs the image of the SPIRE agent'),
    ...namesOf(services, certs?.value, folder.value, guesses),
  });
}

/** The file with the most identities: another script may create the one entry that it needs for itself. */
function detectRegistration(tree: Tree): string | undefined {
  const identities = (path: string) =>
    tree.read(path)?.match(/^[^#\n]*\bspiffe:\/\/|^\s*-?\s*spiffe_?id:/gim)?.length ?? 0;
  const found = tree.paths.filter((path) => isInUse(path) && registers(path, tree));
  const most = Math.max(0, ...found.map(identities));
  return shallowest(found.filter((path) => identities(path) === most));
}

/** A script that creates entries, or a list of entries for something that does. */
function registers(path: string, tree: Tree): boolean {
  if (/\.sh$/i.test(path)) return /\bentry\s+create\b/.test(tree.read(path) ?? '');
  return /spire|spiffe/i.test(path) && /\.ya?ml$/i.test(path) && /^\s*-?\s*selectors:/m.test(tree.read(path) ?? '');
}

/** What is the same in the names of all helpers, with `{workload}` for the rest. */
function namesOf(
  services: readonly ComposeService[],
  certsPath: string | undefined,
  folder: string,
  guesses: Guesses,
): Record<string, unknown> {
  const helpers = services.filter((service) => imageName(service) === 'spiffe-helper');
  const parts = helpers.flatMap((service) => {
    const mounts = (asList(service.fields['volumes']) ?? []).map(mountOf);
    const config = mounts.find(({ source }) => source.includes(`${folder}/`))?.source;
    const volume = mounts.find(({ source, target }) => target === certsPath && !source.includes('/'))?.source;
    const file = config === undefined ? undefined : baseName(config);
    const workload = file === undefined ? undefined : sharedStart(file, service.name);
    return workload === undefined ? [] : [{ name: service.name, file, volume, workload }];
  });
  const template = (key: string, pick: (one: (typeof parts)[number]) => string | undefined) => {
    const guess = mostCommon(
      parts.flatMap((one) => {
        const text = pick(one);
        const underscored = one.workload.replaceAll('-', '_');
        if (text?.includes(one.workload)) return [text.replace(one.workload, '{workload}')];
        return text?.includes(underscored) ? [text.replace(underscored, '{workload_}')] : [];
      }),
    );
    const clear = guess && guess.count * 2 > parts.length ? guess.value : undefined;
    return guesses.note(`spiffe.${key}`, clear, `${guess?.count ?? 0} of ${parts.length} helpers are called so`);
  };
  const helperName = template('helperName', (one) => one.name);
  const helperFile = template('helperFile', (one) => one.file);
  const volumes = parts.flatMap((one) => one.volume ?? []);
  const plain = template('certsVolume', (one) => one.volume);
  // Which of the two it is shows only where a short name has a dash.
  const dashed = parts.some((one) => one.volume?.includes(one.workload) && one.workload.includes('-'));
  const certsVolume =
    plain !== undefined && !dashed && volumes.some((name) => name.includes('_'))
      ? plain.replace('{workload}', '{workload_}')
      : plain;
  return known({ helperName, helperFile, certsVolume }) ?? {};
}

/** What two names begin with alike, up to a dash or an underscore: `mcp-gitlab` of `mcp-gitlab-helper.conf` and `mcp-gitlab-spiffe-helper`. */
function sharedStart(a: string, b: string): string | undefined {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length += 1;
  const start = a.slice(0, length);
  const ends = [a, b].every((name) => length === name.length || /[-_.]/.test(name[length] ?? ''));
  const whole = ends ? start : start.replace(/[^-_.]*$/, '');
  const name = whole.replace(/[-_.]+$/, '');
  return name === '' ? undefined : name;
}

function mountOf(item: unknown): { source: string; target: string } {
  const long = asRecord(item);
  if (long) return { source: asText(long['source']) ?? '', target: asText(long['target']) ?? '' };
  const [source = '', target = ''] = (asText(item) ?? '').split(':');
  return { source, target };
}

/** The last part of an image's name, without registry and tag. */
function imageName(service: ComposeService): string {
  return (
    (service.image ?? '')
      .replace(/@.*$/, '')
      .replace(/:[^/]*$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}
