/** Guesses about what watches: Prometheus' configuration and rules, Grafana's dashboards and the inventory of services. */
import type { Tree } from '../types';
import { asList, asRecord } from '../yaml/read';
import { isCovered, readPrometheus } from '../emitters/prometheus/config';
import { parseYaml } from '../yaml/parse';
import { baseName, folderOf, isInUse, known, mostCommon, shallowest, type Guesses } from './guess';

export function detectObservability(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const yamls = tree.paths.filter((path) => /\.ya?ml$/i.test(path) && isInUse(path));
  const prometheus = shallowest(yamls.filter((path) => /prom/i.test(path) && isPrometheus(tree.read(path) ?? '')));
  guesses.note('observability.prometheus', prometheus, 'it has scrape_configs', prometheus);
  const probeJob = prometheus === undefined ? undefined : detectProbeJob(tree, prometheus);
  guesses.note('observability.probeJob', probeJob, 'it asks hosts through the blackbox exporter', prometheus);
  const ruleFiles = yamls.filter((path) => {
    const text = tree.read(path) ?? '';
    return /^groups:/m.test(text) && /^\s*-?\s*alert:/m.test(text);
  });
  const loaded = loadedBy(tree, prometheus, ruleFiles);
  const rules = mostCommon((loaded.length > 0 ? loaded : ruleFiles).map(folderOf));
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
        /(^|[-_/])(service[-_]?)?inventory\.(json|ya?ml)$/i.test(path) &&
        isInUse(path) &&
        !/ansible|hosts/i.test(path) &&
        listsServices(tree, path),
    ),
  );
  guesses.note('observability.inventory', inventory, 'it lists services, or is a dashboard that does', inventory);
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

/** The files of alerts that the configuration loads: others may be those of another Prometheus. */
function loadedBy(tree: Tree, prometheus: string | undefined, ruleFiles: readonly string[]): string[] {
  const parsed = prometheus === undefined ? undefined : parseYaml(tree.read(prometheus) ?? '', prometheus);
  if (prometheus === undefined || !parsed?.ok) return [];
  const patterns = readPrometheus(parsed.yaml).ruleFiles;
  return ruleFiles.filter((path) => isCovered(patterns, prometheus, path));
}

/** Promtail and Grafana's agents call theirs `scrape_configs`, too, and say where they send what they read. */
function isPrometheus(text: string): boolean {
  return /^scrape_configs:/m.test(text) && !/^(?:clients|positions|integrations|metrics|logs):/m.test(text);
}

/**
 * Whether a file that is called an inventory is one of services: a dashboard, or a list or map of records, alone or under one key. An object of
 * Kubernetes is somebody's service, not the list of all.
 */
function listsServices(tree: Tree, path: string): boolean {
  const parsed = parseYaml(tree.read(path) ?? '', path);
  const value: unknown = parsed.ok ? parsed.yaml.toJs() : undefined;
  const record = asRecord(value);
  if (record?.['apiVersion'] !== undefined || record?.['kind'] !== undefined) return false;
  if (record?.['panels'] !== undefined) return true;
  const ofRecords = (one: unknown): boolean => {
    const items = asList(one) ?? Object.values(asRecord(one) ?? {});
    return items.length > 1 && items.every((item) => asRecord(item) !== undefined);
  };
  return ofRecords(value) || Object.values(record ?? {}).some(ofRecords);
}

function detectProbeJob(tree: Tree, path: string): string | undefined {
  const parsed = parseYaml(tree.read(path) ?? '', path);
  const jobs = parsed.ok ? (asList(asRecord(parsed.yaml.toJs())?.['scrape_configs']) ?? []) : [];
  const probes = jobs.flatMap((item) => {
    const job = asRecord(item);
    const modules = JSON.stringify(asRecord(job?.['params'])?.['module'] ?? '');
    const name = job?.['job_name'];
    const hasTargets = [job?.['static_configs'], job?.['file_sd_configs']].some(
      (list) => (asList(list) ?? []).length > 0,
    );
    return job?.['metrics_path'] === '/probe' && typeof name === 'string' && !/302|tcp|icmp|dns/.test(modules)
      ? [{ name, hasTargets }]
      : [];
  });
  // A job that finds its targets by itself takes none from anybody.
  return probes.find((probe) => probe.hasTargets)?.name;
}

/** The command that people have written down for it. */
function detectReload(tree: Tree, guesses: Guesses): string | undefined {
  for (const path of tree.paths.filter((one) => /\.(md|sh)$/i.test(one) && isInUse(one))) {
    const line = /^[ \t]*((?:docker exec \S+ )?(?:curl|wget)\b[^\n#|&;]*\/-\/reload\S*)[ \t]*$/m.exec(
      tree.read(path) ?? '',
    )?.[1];
    // Neither with gaps to fill in, nor with somebody's password.
    if (line !== undefined && !/[$`<>]|:\/\/[^/\s]*@/.test(line))
      return guesses.note('observability.reloadCommand', line, `${baseName(path)} says so`, path);
  }
  return undefined;
}
