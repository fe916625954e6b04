/** Guesses about what watches: Prometheus' configuration and rules, Grafana's dashboards and the inventory of services. */
import type { Tree } from '../types';
import { asList, asRecord } from '../yaml/read';
import { parseYaml } from '../yaml/parse';
import { baseName, folderOf, isInUse, known, mostCommon, shallowest, type Guesses } from './guess';

export function detectObservability(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const yamls = tree.paths.filter((path) => /\.ya?ml$/i.test(path) && isInUse(path));
  const prometheus = shallowest(
    yamls.filter((path) => /^scrape_configs:/m.test(tree.read(path) ?? '') && /prom/i.test(path)),
  );
  guesses.note('observability.prometheus', prometheus, 'it has scrape_configs', prometheus);
  const probeJob = prometheus === undefined ? undefined : detectProbeJob(tree, prometheus);
  guesses.note('observability.probeJob', probeJob, 'it asks hosts through the blackbox exporter', prometheus);
  const ruleFiles = yamls.filter((path) => {
    const text = tree.read(path) ?? '';
    return /^groups:/m.test(text) && /^\s*-?\s*alert:/m.test(text);
  });
  const rules = mostCommon(ruleFiles.map(folderOf));
  guesses.note('observability.rules', rules?.value, `${rules?.count ?? 0} files of alerts are in it`, rules?.value);
  const dashboardFiles = tree.paths.filter(
    (path) =>
      /\.json$/i.test(path) &&
      isInUse(path) &&
      /"schemaVersion"\s*:/.test(tree.read(path) ?? '') &&
      /"panels"\s*:/.test(tree.read(path) ?? ''),
  );
  const dashboards = mostCommon(dashboardFiles.map(folderOf));
  guesses.note(
    'observability.dashboards',
    dashboards?.value,
    `${dashboards?.count ?? 0} dashboards are in it`,
    dashboards?.value,
  );
  const inventory = shallowest(
    tree.paths.filter(
      (path) =>
        /(^|[-_/])(service[-_]?)?inventory\.(json|ya?ml)$/i.test(path) && isInUse(path) && !/ansible|hosts/i.test(path),
    ),
  );
  guesses.note('observability.inventory', inventory, 'its name says so', inventory);
  const reloadCommand = detectReload(tree, guesses);
  return known({
    prometheus,
    probeJob,
    rules: rules?.value === '' ? undefined : rules?.value,
    dashboards: dashboards?.value === '' ? undefined : dashboards?.value,
    inventory,
    reloadCommand,
  });
}

function detectProbeJob(tree: Tree, path: string): string | undefined {
  const parsed = parseYaml(tree.read(path) ?? '', path);
  const jobs = parsed.ok ? (asList(asRecord(parsed.yaml.toJs())?.['scrape_configs']) ?? []) : [];
  const probes = jobs.flatMap((item) => {
    const job = asRecord(item);
    const modules = JSON.stringify(asRecord(job?.['params'])?.['module'] ?? '');
    const name = job?.['job_name'];
    return job?.['metrics_path'] === '/probe' && typeof name === 'string' && !/302|tcp|icmp|dns/.test(modules)
      ? [name]
      : [];
  });
  return probes[0];
}

/** The command that people have written down for it. */
function detectReload(tree: Tree, guesses: Guesses): string | undefined {
  for (const path of tree.paths.filter((one) => /\.(md|sh)$/i.test(one) && isInUse(one))) {
    const line = /^[ \t]*((?:docker exec \S+ )?(?:curl|wget)\b[^\n#|&;]*\/-\/reload\S*)[ \t]*$/m.exec(
      tree.read(path) ?? '',
    )?.[1];
    if (line !== undefined && !/[$`]/.test(line))
      return guesses.note('observability.reloadCommand', line, `${baseName(path)} says so`, path);
  }
  return undefined;
}
