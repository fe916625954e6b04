/**
 * The IAM policy of a service's role: exactly what it reads and writes in AWS, by full name (requirements, sections 1.2 and 2). Beside LocalStack,
 * where nobody is asked for rights.
 */
import { observeServices } from '../../observe/services';
import type { Emission, EmitContext, Emitter, FollowUp, Ownership } from '../../types';
import { arnOf, storedArns } from './arns';
import { houseFiles, indentOfFiles, type HouseFiles } from './house-files';

interface Statement {
  Sid: string;
  Effect: 'Allow';
  Action: string[];
  Resource: string[];
}

export const awsPolicyEmitter: Emitter = {
  name: 'aws-policy',
  commit: 'runtime',
  applies: (context) => context.profile.aws?.policies !== undefined && statementsOf(context).length > 0,
  emit,
  owned,
};

function statementsOf({ manifest, profile }: EmitContext): Statement[] {
  const { secrets, parameters } = storedArns(manifest, profile);
  const { queues, publishes } = manifest.messaging;
  const all: Statement[] = [
    statement('ReadSecrets', ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], secrets),
    statement('ReadParameters', ['ssm:GetParameter', 'ssm:GetParameters'], parameters),
    statement(
      'ReadQueues',
      [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
      ],
      queues.map((queue) => arnOf('sqs', queue.name, profile)),
    ),
    statement(
      'PublishToTopics',
      ['sns:Publish'],
      publishes.map((one) => arnOf('sns', one.topic, profile)),
    ),
  ];
  return all.filter((one) => one.Resource.length > 0);
}

function statement(Sid: string, Action: string[], Resource: string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}

function filesOf({ manifest, profile, tree }: EmitContext): HouseFiles {
  const names = [manifest.name, ...observeServices(tree, profile).map((service) => service.name)];
  return houseFiles(tree, profile.aws?.policies ?? '', ['.json'], (text) => /"Statement"\s*:/.test(text), names);
}

function emit(context: EmitContext): Emission {
  const { manifest, tree } = context;
  const files = filesOf(context);
  const path = files.pathOf(manifest.name);
  const others = files.siblings.filter((file) => file.path !== path).map((file) => file.text);
  const policy = { Version: '2012-10-17', Statement: statementsOf(context) };
  const lineBreak = others.length > 0 && others.every((text) => text.includes('\r\n')) ? '\r\n' : '\n';
  const text = `${JSON.stringify(policy, null, indentOfFiles(others))}\n`.replaceAll('\n', lineBreak);
  return {
    edits: tree.read(path) === text ? [] : [{ kind: 'create', path, text }],
    followUps: attachSteps(context, path),
  };
}

/** The policy does nothing until a role has it. */
function attachSteps({ manifest, profile }: EmitContext, path: string): FollowUp[] {
  const roles = Object.entries(manifest.runtime.kubernetes?.roleArns ?? {}).map(
    ([environment, arn]) => [environment, arn.slice(arn.lastIndexOf('/') + 1)] as const,
  );
  const open =
    profile.aws?.accountId === undefined ? ' It names no account: put yours in place of the * before that.' : '';
  if (roles.length === 0)
    return [
      {
        phase: 'identity',
        key: `policy:${manifest.name}`,
        title: `Give the role of ${manifest.name} the policy ${path}`,
        detail: `Without it the service cannot read what it needs in AWS.${open}`,
      },
    ];
  return roles.map(([environment, role]) => ({
    phase: 'identity',
    key: `policy:${manifest.name}:${environment}`,
    title: `Give ${role} the policy ${path} (${environment})`,
    ...(open === '' ? {} : { detail: open.trim() }),
    command: `aws iam put-role-policy --role-name ${role} --policy-name ${manifest.name} --policy-document file://${path}`,
  }));
}

function owned(context: EmitContext): Ownership {
  const { manifest, tree } = context;
  const path = filesOf(context).pathOf(manifest.name);
  if (!tree.paths.includes(path)) return { parts: [] };
  return {
    parts: [{ kind: 'file', path }],
    followUps: [
      {
        phase: 'identity',
        key: `policy-gone:${manifest.name}`,
        title: `Take the policy ${manifest.name} off its role, or delete the role`,
      },
    ],
  };
}
