import { describe, expect, it } from 'vitest';
import { treeOf } from '../overlay';
import { sampleTree } from '../test-sample';
import { Guesses } from './guess';
import { detectAws, detectSecrets } from './secrets';

const secretsOf = (files: Record<string, string>) => detectSecrets(treeOf(files), new Guesses());

describe('what is guessed about secrets', () => {
  it('on the sample: script, prefix, address', () => {
    expect(detectSecrets(sampleTree(), new Guesses())).toEqual({
      secrets: { localstackInit: 'localstack/init/init-aws.sh', endpoint: 'http://localstack:4566' },
      prefix: 'ravenhelm/',
    });
  });

  it('from plain commands, with a prefix that starts with a slash; the script with most secrets counts', () => {
    const create = (name: string) => `awslocal secretsmanager create-secret --name ${name} --secret-string x\n`;
    expect(
      secretsOf({
        'init/ready.d/01-s3.sh': 'awslocal s3 mb s3://a\n',
        'init/ready.d/02-one.sh': create('other'),
        'init/ready.d/03-secrets.sh': create('/acme/a') + create('/acme/b') + create('c'),
        'old/init.sh': create('/acme/a').repeat(9),
      }),
    ).toEqual({ secrets: { localstackInit: 'init/ready.d/03-secrets.sh' }, prefix: '/acme/' });
  });

  it('the address that most are given, under either name', () => {
    const service = (name: string, said: string) => `  ${name}:\n    image: ${name}:1\n    environment: {${said}}\n`;
    const services = [
      service('a', ' AWS_ENDPOINT_URL: http://acme-localstack:4566 '),
      service('b', ' LOCALSTACK_ENDPOINT: "http://localstack:4566" '),
      service('c', ' AWS_ENDPOINT: http://localstack:4566 '),
    ];
    expect(
      secretsOf({
        'compose.yaml': `services:\n${services.join('')}`,
        'init/ready.d/a.sh': 'awslocal secretsmanager create-secret --name a --secret-string x\n',
      }).secrets,
    ).toEqual({ localstackInit: 'init/ready.d/a.sh', endpoint: 'http://localstack:4566' });
  });

  it('not from a script that talks to AWS itself, nor from one that no shell runs', () => {
    expect(secretsOf({ 'deploy.sh': 'aws secretsmanager create-secret --name a --secret-string x\n' })).toEqual({});
    expect(secretsOf({ 'init.sh': 'awslocal secretsmanager create-secret --name a\r\n' })).toEqual({});
  });

  it('folders of policies and templates, and nothing where there are none', () => {
    const files = {
      'infra/iam/a.json': '{ "Version": "2012-10-17", "Statement": [] }',
      'infra/other.json': '{ "a": 1 }',
      'infra/queues/a.yaml': 'Resources:\n  A:\n    Type: AWS::SQS::Queue\n',
    };
    expect(detectAws(treeOf(files), new Guesses())).toEqual({ policies: 'infra/iam', messaging: 'infra/queues' });
    expect(detectAws(sampleTree(), new Guesses())).toBeUndefined();
    // One among a tool's files, and what says who may use a bucket.
    const policy = (more: string) => `{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow"${more} }] }`;
    expect(detectAws(treeOf({ 'tools/sync/rights.json': policy('') }), new Guesses())).toBeUndefined();
    const buckets = {
      'policies/a.json': policy(', "Principal": "*"'),
      'policies/b.json': policy(', "Principal": "*"'),
    };
    expect(detectAws(treeOf(buckets), new Guesses())).toBeUndefined();
  });
});
