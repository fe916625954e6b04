/** The service's host in the job of the blackbox exporter: one line, behind the last target, with the path that its health check answers. */
import { isSeq } from 'yaml';
import type { EmitContext, Finding } from '../../types';
import { insertSequenceItem, toEdits } from '../../yaml/insert';
import { nodeAt, placeAt } from '../../yaml/locate';
import { lineEnd } from '../../yaml/lines';
import type { ParsedYaml } from '../../yaml/parse';
import { Flow } from '../../yaml/render';
import { probePath } from '../runbook/commands';
import type { PrometheusFile, ScrapeJob } from './config';
import { nothing, type Outcome } from './outcome';
import { targetInFile } from './target-file';

/** What the blackbox exporter asks; undefined where the service is not to be probed. */
export function probeTarget({ manifest }: EmitContext): string | undefined {
  return manifest.observability.probe && manifest.routing
    ? `https://${manifest.routing.host}${probePath(manifest)}`
    : undefined;
}

export function addProbe(context: EmitContext, yaml: ParsedYaml, file: PrometheusFile): Outcome {
  const target = probeTarget(context);
  if (target === undefined) return nothing();
  const { manifest } = context;
  const probes = file.jobs.filter((job) => job.isProbe);
  const isOwn = (one: string): boolean => isProbeOf(context, one);
  if (probes.some((job) => targetsOf(job).some(isOwn))) return nothing();
  const signsIn = manifest.security.access === 'forward-auth';
  const job = signsIn ? probes.find(takesRedirects) : jobFor(context, probes);
  if (job) return into(context, yaml, job, target);
  return { ...nothing(), findings: [signsIn ? behindSignIn(yaml, probes, target) : noJob(yaml, target)] };
}

/** Whether a target is an address of the service's host, under its path. */
export function isProbeOf({ manifest }: EmitContext, target: string): boolean {
  const { routing } = manifest;
  const match = /^(?:https?:\/\/)?([^/:?]+)(?::\d+)?([^?#]*)/.exec(target);
  if (!routing || !match) return false;
  const base = (routing.path ?? '').replace(/\/+$/, '');
  const path = match[2] ?? '';
  return (
    [routing.host, ...routing.aliases].includes(match[1] ?? '') &&
    (base === '' || path === base || path.startsWith(`${base}/`))
  );
}

function targetsOf(job: ScrapeJob): string[] {
  return job.staticConfigs.flatMap((config) => config.targets);
}

/** A module for what answers with a redirect to the sign-in. */
function takesRedirects(job: ScrapeJob): boolean {
  return job.modules.some((module) => /302|redirect|sign_?in|auth/i.test(module));
}

function jobFor({ profile }: EmitContext, probes: readonly ScrapeJob[]): ScrapeJob | undefined {
  const named = profile.observability?.probeJob;
  if (named !== undefined) return probes.find((job) => job.name === named);
  const plain = probes.filter(
    (job) => !takesRedirects(job) && !job.modules.some((module) => /tcp|icmp|dns|grpc/i.test(module)),
  );
  const listed = plain.filter((job) => job.staticConfigs.length > 0 || job.files.length > 0);
  const ofPages = plain.find((job) => job.modules.some((module) => /http/i.test(module)));
  return listed.find((job) => targetsOf(job).some((target) => target.startsWith('https://'))) ?? listed[0] ?? ofPages;
}

/** Where the job keeps its targets: in itself, or in a file. What finds them by other means is left to a person, with the lines to add. */
function into(context: EmitContext, yaml: ParsedYaml, job: ScrapeJob, target: string): Outcome {
  if (job.staticConfigs.length === 0)
    return (
      targetInFile(context, yaml, job, target, (one) => isProbeOf(context, one)) ??
      byHand(yaml, job, target, 'finds its targets by itself')
    );
  const last = job.staticConfigs.length - 1;
  const path = ['scrape_configs', job.index, 'static_configs', Math.max(last, 0), 'targets'];
  const list = nodeAt(yaml, path);
  // A list between brackets is one line, which stays: the target gets a group of its own behind it.
  const inserted =
    isSeq(list) && list.flow === true
      ? insertSequenceItem(yaml, path.slice(0, -2), { targets: new Flow([target]) })
      : insertSequenceItem(yaml, path, target);
  if (!inserted.ok) return byHand(yaml, job, target, 'writes its targets in a way that takes no further line');
  const place = placeAt(yaml, path);
  const end = place.kind === 'sequence' ? place.entries.at(-1)?.end : undefined;
  // A target that is commented out keeps its place at the end: the new one stands behind the last that is asked.
  const commented = end !== undefined && /^\s*#\s*-\s/.test(yaml.text.slice(end, lineEnd(yaml.text, end)));
  const splice = commented && inserted.splice.offset > end ? { ...inserted.splice, offset: end } : inserted.splice;
  return { ...nothing(), edits: toEdits(yaml.path, [splice]) };
}

/** One page that nobody asks for is no reason to hold back a service. */
function byHand(yaml: ParsedYaml, job: ScrapeJob, target: string, why: string): Outcome {
  const { path } = yaml;
  return {
    ...nothing(),
    findings: [
      { kind: 'probe-by-hand', path, line: job.line, message: `${job.name} ${why}, so ${target} was not added to it.` },
    ],
    followUps: [
      {
        phase: 'observe',
        key: `probe:${target}`,
        title: `Have the blackbox exporter ask ${target}`,
        detail: `Where the job ${job.name} takes its targets from, or under its static_configs in ${path}:\n- targets: ['${target}']`,
      },
    ],
  };
}

function behindSignIn(yaml: ParsedYaml, probes: readonly ScrapeJob[], target: string): Finding {
  return {
    kind: 'probe-behind-sign-in',
    path: yaml.path,
    ...(probes[0] ? { line: probes[0].line } : {}),
    message: `${target} is behind forward authentication and answers a probe with 302, so it was not added. A job whose module takes 302 for good (http_302) would take it.`,
  };
}

function noJob(yaml: ParsedYaml, target: string): Finding {
  return {
    kind: 'probe-without-job',
    path: yaml.path,
    message: `No job here asks the blackbox exporter for pages, so ${target} was not added. Name the job in observability.probeJob, or write one.`,
  };
}
