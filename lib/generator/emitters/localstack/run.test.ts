// The scripts as shells run them: created once, never overwritten, nothing secret in the text.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { applyEdits } from '../../apply-edits';
import { overlay } from '../../overlay';
import { resolvedSpec } from '../../test-resolved-spec';
import { sampleProfile, sampleTree } from '../../test-sample';
import type { EmitContext, Tree } from '../../types';
import { goldenCases } from '../test-golden-cases';
import type { ManifestInput } from '@/lib/services/manifest';
import { localstackEmitter } from './emit';
import { FakeAws, shellcheck } from './test-fake-aws';

const golden = goldenCases(fileURLToPath(new URL('fixtures', import.meta.url))).filter(
  (one) => one.after !== undefined,
);
const path = 'localstack/init/init-aws.sh';
const tree = sampleTree();
const profile = sampleProfile(tree);

function service(name: string, change: Partial<ManifestInput> = {}): ManifestInput {
  return {
    name,
    purpose: 'Does something useful',
    category: 'realtime',
    owner: 'realtime',
    runtime: { source: { kind: 'image', image: 'example/thing:1.0' }, compose: {} },
    security: {
      access: 'own-oauth',
      oauth: {},
      secrets: [
        {
          name: `${name}/api`,
          environment: 'API_SECRET_NAME',
          purpose: 'It\'s the "API" key for $5',
          source: 'provided',
        },
        { name: `${name}/signing`, environment: 'SIGNING_SECRET_NAME', purpose: 'Signs links', source: 'generated' },
        {
          name: `${name}/salt`,
          environment: 'SALT_PARAMETER',
          purpose: 'Salt',
          source: 'generated',
          store: 'parameter',
        },
      ],
    },
    routing: { host: `${name}.ravenhelm.test` },
    ports: [{ name: 'http', internal: 8080, why: 'API' }],
    messaging: {
      queues: [{ name: `${name}-jobs`, environment: 'JOBS', topics: ['rooms-closed', 'calls-ended'], maxReceives: 3 }],
      publishes: [{ topic: `${name}-done`, environment: 'DONE' }],
    },
    ...change,
  };
}

function added(to: Tree, input: ManifestInput): Tree {
  const context: EmitContext = { manifest: resolvedSpec(input, 35), profile, tree: to };
  const { files, refusals, conflicts } = applyEdits(to, localstackEmitter.emit(context).edits);
  expect({ refusals, conflicts }).toEqual({ refusals: [], conflicts: [] });
  return overlay(to, new Map([...files].map(([file, { text }]) => [file, text])));
}

describe('an init script with a service in it', () => {
  let aws = new FakeAws();
  afterEach(() => {
    aws.remove();
    aws = new FakeAws();
  });

  it.each(golden.map((one) => [one.name, one] as const))(
    '%s: runs twice, the second time changes nothing',
    (_, one) => {
      const before = one.context.tree.read(one.path) ?? '';
      const script = one.after ?? '';
      const shell = /^#!.*\/sh\b/.test(script) ? 'sh' : 'bash';
      expect(spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' }).stderr).toBe('');
      const faults = (text: string) =>
        shellcheck(text)
          .split('\n')
          .map((line) => line.replace(/^[^:]*:\d+:\d+: /, ''));
      expect(faults(script).filter((fault) => !faults(before).includes(fault))).toEqual([]);
      expect(aws.run(script)).toMatchObject({ status: 0 });
      const first = aws.state();
      expect(
        Object.values(first)
          .flatMap((things) => Object.keys(things))
          .some((name) => /livekit|egress/.test(name)),
      ).toBe(true);
      expect(aws.run(script)).toMatchObject({ status: 0 });
      expect(aws.state()).toEqual(first);
    },
  );

  it('creates what the spec asks for, and only what a shell makes is secret', () => {
    const script = added(tree, service('egress')).read(path) ?? '';
    expect(aws.run(script)).toMatchObject({ status: 0 });
    const { secret, parameter } = aws.state();
    expect(secret['ravenhelm/egress/api']).toBe('set-me: ravenhelm/egress/api is set by realtime, see RUNBOOK-035');
    expect(JSON.parse(secret['ravenhelm/egress/oauth'] ?? '')).toEqual({
      client_id: 'set-me',
      client_secret: 'set-me: ravenhelm/egress/oauth is set by realtime, see RUNBOOK-035',
    });
    expect(secret['ravenhelm/egress/signing']).toMatch(/^[0-9a-f]{64}$/);
    expect(parameter['/ravenhelm/egress/salt']).toMatch(/^[0-9a-f]{64}$/);
    for (const value of [secret['ravenhelm/egress/signing'], parameter['/ravenhelm/egress/salt']])
      expect(script).not.toContain(value ?? '');
    const described = aws
      .calls()
      .find((call) => call.includes('create-secret') && call.includes('ravenhelm/egress/api'));
    expect(described).toContain('It\'s the "API" key for $5');
  });

  it('leaves what a person set, at every start', () => {
    const script = added(tree, service('egress')).read(path) ?? '';
    aws.run(script);
    const { secret } = aws.state();
    aws.set('secret', 'ravenhelm/egress/api', 'set by hand');
    aws.set('parameter', '/ravenhelm/egress/salt', 'mine');
    for (let start = 0; start < 2; start += 1) expect(aws.run(script)).toMatchObject({ status: 0 });
    const now = aws.state();
    expect(now.secret['ravenhelm/egress/api']).toBe('set by hand');
    expect(now.parameter['/ravenhelm/egress/salt']).toBe('mine');
    expect(now.secret['ravenhelm/egress/signing']).toBe(secret['ravenhelm/egress/signing']);
  });

  it('makes another value for every service and every secret, with one set of functions', () => {
    const both = added(added(tree, service('egress')), service('ingress'));
    const script = both.read(path) ?? '';
    expect(aws.run(script)).toMatchObject({ status: 0 });
    const { secret, parameter } = aws.state();
    const values = ['egress', 'ingress'].flatMap((name) => [
      secret[`ravenhelm/${name}/signing`],
      parameter[`/ravenhelm/${name}/salt`],
    ]);
    expect(new Set(values).size).toBe(4);
    for (const name of ['create_secret_once', 'create_parameter_once', 'random_value', 'create_queue_with_dlq'])
      expect(script.split(`\n${name}() {`).length, name).toBe(2);
  });

  it('gives queues their limits, dead letters and the messages of their topics', () => {
    aws.run(added(tree, service('egress')).read(path) ?? '');
    const { queue, topic } = aws.state();
    const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
    const attributes = (name: string) =>
      Object.assign(
        {},
        ...(queue[name] ?? '')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as object),
      ) as Record<string, string>;
    const { RedrivePolicy, Policy, ...limits } = attributes('egress-jobs');
    expect(limits).toEqual({ VisibilityTimeout: '30', MessageRetentionPeriod: String(4 * 86_400) });
    expect(JSON.parse(RedrivePolicy ?? '')).toEqual({
      deadLetterTargetArn: arn('egress-jobs-dlq'),
      maxReceiveCount: '3',
    });
    expect(attributes('egress-jobs-dlq')).toEqual({ MessageRetentionPeriod: String(14 * 86_400) });
    expect(JSON.parse(Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arn('egress-jobs'),
          Condition: {
            ArnEquals: {
              'aws:SourceArn': ['rooms-closed', 'calls-ended'].map(
                (name) => `arn:aws:sns:us-east-1:000000000000:${name}`,
              ),
            },
          },
        },
      ],
    });
    expect(topic).toEqual({
      'rooms-closed': `sqs ${arn('egress-jobs')} RawMessageDelivery=true\n`,
      'calls-ended': `sqs ${arn('egress-jobs')} RawMessageDelivery=true\n`,
      'egress-done': '',
    });
  });

  it('goes without the second service as if it had never been there, and without both as before them', () => {
    const one = added(tree, service('egress'));
    const both = added(one, service('ingress'));
    const without = (from: Tree, name: string): string => {
      const parts =
        localstackEmitter.owned?.({ manifest: resolvedSpec(service(name), 35), profile, tree: from }).parts ?? [];
      const lines = parts.flatMap((part) => (part.kind === 'lines' ? [part] : []));
      let text = from.read(path) ?? '';
      for (const part of lines.reverse()) text = text.slice(0, part.start) + text.slice(part.end);
      return text;
    };
    const plain = (text: string | undefined) => (text ?? '').replace(/\n{2,}/g, '\n');
    expect(plain(without(both, 'ingress'))).toBe(plain(one.read(path)));
    expect(plain(without(one, 'egress'))).toBe(plain(tree.read(path)));
  });
});
