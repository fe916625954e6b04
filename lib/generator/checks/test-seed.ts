/**
 * A sound change of the sample repository with everything in it, and ways to seed a fault into it. For tests: the check of a fault's name has to find it.
 */
import { expect } from 'vitest';
import { digestOf } from '../digest';
import { planAddition } from '../plan';
import { resolvedSpec } from '../test-resolved-spec';
import { sampleProfile, sampleTree } from '../test-sample';
import { transcriber } from '../test-specs';
import type { FileChange, Plan } from '../types';

export const tree = sampleTree();
export const profile = sampleProfile(tree);
export const manifest = resolvedSpec(
  {
    ...transcriber,
    security: { ...transcriber.security, mtls: true },
    runtime: {
      ...transcriber.runtime,
      dependsOn: ['norns'],
      kubernetes: { replicas: 2, networkPolicy: {}, autoscaling: { kind: 'load', max: 4 } },
    },
  },
  60,
);
export const sound = planAddition({ manifest, profile, tree });

export const compose = 'compose/docker-compose.langgraph.yml';
export const security = 'compose/docker-compose.security.yml';
export const registry = 'config/port_registry.yaml';
export const traefik = 'ravenhelm-proxy/dynamic.yml';
export const helper = 'config/spiffe-helper/voice-transcriber-helper.conf';
export const spire = 'spire/init-spire.sh';
export const localstack = 'localstack/init/init-aws.sh';
export const catalog = 'docs/wiki/Runbook_Catalog.md';
export const chart = 'charts/voice-transcriber';
export const argocd = 'argocd/applications/voice-transcriber-dev.yaml';
export const service = '\n  voice-transcriber:\n';

/** The plan with other text in one file. */
export function rewrite(path: string, alter: (text: string) => string): Plan {
  const change = (file: FileChange): FileChange => {
    if (file.path !== path || file.after === null) return file;
    const after = alter(file.after);
    expect(after, `the seed of ${path}`).not.toBe(file.after);
    return { ...file, after };
  };
  expect(sound.files.map((file) => file.path)).toContain(path);
  const commits = sound.commits.map((commit) => ({ ...commit, files: commit.files.map(change) }));
  return { ...sound, commits, files: sound.files.map(change), digest: digestOf(commits) };
}

/** The first `from` behind `mark` in a file becomes `to`. */
export function seed(path: string, mark: string, from: string, to: string): Plan {
  return rewrite(path, (text) => {
    const start = text.indexOf(mark);
    const at = text.indexOf(from, start);
    expect(start, `“${mark}” in ${path}`).toBeGreaterThanOrEqual(0);
    expect(at, `“${from}” in ${path}`).toBeGreaterThanOrEqual(0);
    return text.slice(0, at) + to + text.slice(at + from.length);
  });
}

/** The plan with a file more. */
export function withFile(path: string, after: string): Plan {
  const file = { path, before: null, after, executable: false };
  const commits = sound.commits.map((commit, index) =>
    index === 0 ? { ...commit, files: [...commit.files, file] } : commit,
  );
  return { ...sound, commits, files: [...sound.files, file], digest: digestOf(commits) };
}

/** Key shapes are put together here, so that nothing in this file looks like one. */
export const key = ['ghp', 'Q9fK2xZ7'.repeat(5)].join('_');

/** The check that has to find it, what is wrong, and the plan with it. */
export type Fault = [check: string, what: string, plan: () => Plan];
