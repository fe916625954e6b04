/** Where a platform keeps what people read and what watches: runbooks, indexes, Prometheus, Grafana. */
import { z } from 'zod';
import { Path } from './words';

export const RunbooksProfile = z
  .object({
    folder: Path,
    catalog: Path.optional(),
    architectureIndex: Path.optional(),
    /** Where a book's pages are listed by hand: a mkdocs.yml with `nav`, or a SUMMARY.md. */
    navigation: Path.optional(),
    /**
     * The file's name: {number} as wide as those there, {slug} the service's name, {slug_} the same with underscores. Absent: as most files there
     * are named, `RUNBOOK-{number}-{slug}.md` where there are none.
     */
    fileName: z.string().optional(),
    /** A README that lists services: the file, and the heading whose list or table gets a line. */
    readme: z
      .object({ file: Path, heading: z.string().min(1) })
      .strict()
      .optional(),
    /** Web address in front of a runbook's path, for links from alerts and issues: `https://github.com/ravenhelm/platform/blob/main`. */
    baseUrl: z
      .string()
      .regex(/^https?:\/\//, 'An http(s) URL.')
      .optional(),
  })
  .strict();

export const ObservabilityProfile = z
  .object({
    /** Prometheus' configuration: its `scrape_configs` get the service's metrics. */
    prometheus: Path.optional(),
    /** The job whose targets the blackbox exporter asks; found by its `metrics_path` where absent. */
    probeJob: z.string().optional(),
    /** Folder of Prometheus rule files, one for each service with alerts. */
    rules: Path.optional(),
    /** Folder of Grafana dashboards as JSON. */
    dashboards: Path.optional(),
    /** The Grafana dashboard that lists all services. */
    inventory: Path.optional(),
    reloadCommand: z.string().optional(),
  })
  .strict();
