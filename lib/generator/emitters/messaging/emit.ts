/**
 * A service's queues and topics in AWS (requirements, section 8): one CloudFormation template for each service, beside what LocalStack's script
 * creates on the platform's own machine.
 */
import { observeServices } from '../../observe/services';
import type { Emission, EmitContext, Emitter, FollowUp, Ownership } from '../../types';
import { houseFiles, indentOfFiles, type HouseFiles } from '../aws-policy/house-files';
import { renderTemplate } from './template';

export const messagingEmitter: Emitter = {
  name: 'messaging',
  commit: 'runtime',
  applies: ({ manifest, profile }) =>
    profile.aws?.messaging !== undefined && manifest.messaging.queues.length + manifest.messaging.publishes.length > 0,
  emit,
  owned,
};

function filesOf({ manifest, profile, tree }: EmitContext): HouseFiles {
  const names = [manifest.name, ...observeServices(tree, profile).map((service) => service.name)];
  const isTemplate = (text: string) => /^Resources:/m.test(text);
  return houseFiles(tree, profile.aws?.messaging ?? '', ['.yaml', '.yml'], isTemplate, names);
}

function emit(context: EmitContext): Emission {
  const { manifest, tree } = context;
  const files = filesOf(context);
  const path = files.pathOf(manifest.name);
  const others = files.siblings.filter((file) => file.path !== path).map((file) => file.text);
  const elsewhere = new Set(
    others.flatMap((text) => [...text.matchAll(/^\s+TopicName:\s*["']?([\w-]+)/gm)].map((match) => match[1] ?? '')),
  );
  const { queues, publishes } = manifest.messaging;
  if (queues.length === 0 && publishes.every((one) => elsewhere.has(one.topic))) return { edits: [] };
  const lineBreak = others.length > 0 && others.every((text) => text.includes('\r\n')) ? '\r\n' : '\n';
  const text = renderTemplate({
    manifest,
    elsewhere,
    tags: tagsOf(context),
    indent: indentOfFiles(others.map((other) => other.slice(other.search(/^Resources:/m)))),
  }).replaceAll('\n', lineBreak);
  const own = new Set(publishes.map((one) => one.topic));
  const strangers = [...new Set(queues.flatMap((queue) => queue.topics))].filter((topic) => !own.has(topic));
  return {
    edits: tree.read(path) === text ? [] : [{ kind: 'create', path, text }],
    followUps: [deployStep(context, path, strangers)],
  };
}

/** The cost tags of requirements section 13 that do not depend on the environment: a template is the same in each. */
function tagsOf({ manifest, profile }: EmitContext): (readonly [string, string])[] {
  return Object.entries(profile.helm?.costLabels ?? {})
    .filter(([, value]) => !value.includes('{environment}'))
    .map(([key, value]) => {
      const filled = value
        .replaceAll('{service}', manifest.name)
        .replaceAll('{owner}', manifest.owner)
        .replaceAll('{category}', manifest.category);
      return [key, filled] as const;
    });
}

function deployStep({ manifest, profile }: EmitContext, path: string, strangers: readonly string[]): FollowUp {
  const needs = strangers.length === 0 ? '' : ` The topics ${strangers.join(', ')} have to be there before.`;
  return {
    phase: 'messaging',
    key: `messaging:${manifest.name}`,
    title: `Create the queues and topics of ${manifest.name} in AWS`,
    detail: `Once in each account, before the service starts there.${needs}`,
    command: `aws cloudformation deploy --region ${profile.aws?.region ?? 'us-east-1'} --stack-name ${manifest.name}-messaging --template-file ${path}`,
  };
}

function owned(context: EmitContext): Ownership {
  const { manifest, profile, tree } = context;
  const path = filesOf(context).pathOf(manifest.name);
  if (!tree.paths.includes(path)) return { parts: [] };
  return {
    parts: [{ kind: 'file', path }],
    followUps: [
      {
        phase: 'messaging',
        key: `messaging-gone:${manifest.name}`,
        title: `Delete the queues and topics of ${manifest.name} in AWS`,
        detail: 'What waits in them is lost: look first. Others may listen to its topics.',
        command: `aws cloudformation delete-stack --region ${profile.aws?.region ?? 'us-east-1'} --stack-name ${manifest.name}-messaging`,
      },
    ],
  };
}
