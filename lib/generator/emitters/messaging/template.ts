/** A CloudFormation template with a service's queues, their dead-letter queues, and the topics that it writes to and listens to. */
import { deadLetterNameOf } from '../../naming';
import type { ResolvedManifest } from '../../types';
import { renderText } from '../../yaml/scalar';
import type { ManifestQueue } from '@/lib/services/manifest-operations';

const DAY_SECONDS = 86_400;
/** The longest that SQS keeps a message: time to find out why it failed. */
const DEAD_LETTER_DAYS = 14;

export interface TemplateInput {
  manifest: ResolvedManifest;
  /** Topics that another template of the platform creates: they are only referred to. */
  elsewhere: ReadonlySet<string>;
  /** Cost tags, with their values. */
  tags: readonly (readonly [string, string])[];
  /** One step of indentation. */
  indent: string;
}

interface Names {
  queue: string;
  deadLetter: string;
}

/** The text of the template. Every name that is referred to is defined in it, or is an ARN. */
export function renderTemplate({ manifest, elsewhere, tags, indent }: TemplateInput): string {
  const { queues, publishes } = manifest.messaging;
  const logical = logicalNames();
  const topics = new Map(
    publishes
      .filter((one) => !elsewhere.has(one.topic))
      .map((one) => [one.topic, logical(one.topic, 'Topic')] as const),
  );
  const named = queues.map((queue) => ({
    queue,
    names: { queue: logical(queue.name, 'Queue'), deadLetter: logical(queue.name, 'DeadLetterQueue') },
  }));
  const topicArn = (topic: string) =>
    topics.has(topic)
      ? `!Ref ${topics.get(topic) ?? ''}`
      : `!Sub "arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:${topic}"`;
  const tagLines =
    tags.length === 0
      ? []
      : [
          '      Tags:',
          ...tags.flatMap(([key, value]) => [`        - Key: ${text(key)}`, `          Value: ${text(value)}`]),
        ];
  const resources = [
    ...[...topics].map(([topic, name]) => [
      `  ${name}:`,
      '    Type: AWS::SNS::Topic',
      '    Properties:',
      `      TopicName: ${text(topic)}`,
      ...tagLines,
    ]),
    ...named.flatMap(({ queue, names }) => queueResources(queue, names, { topicArn, tagLines, logical })),
  ];
  const lines = [
    'AWSTemplateFormatVersion: "2010-09-09"',
    `Description: ${text(`Queues and topics of ${manifest.name}`)}`,
    '',
    'Resources:',
    ...resources.flatMap((resource, index) => (index === 0 ? resource : ['', ...resource])),
    '',
    'Outputs:',
    ...named.flatMap(({ queue, names: { queue: name } }) => [
      `  ${name}Url:`,
      `    Description: ${text(`URL of ${queue.name}`)}`,
      `    Value: !Ref ${name}`,
    ]),
    ...[...topics].flatMap(([topic, name]) => [
      `  ${name}Arn:`,
      `    Description: ${text(`ARN of ${topic}`)}`,
      `    Value: !Ref ${name}`,
    ]),
  ];
  return indented(lines, indent);
}

function queueResources(
  queue: ManifestQueue,
  names: Names,
  {
    topicArn,
    tagLines,
    logical,
  }: { topicArn: (topic: string) => string; tagLines: string[]; logical: ReturnType<typeof logicalNames> },
): string[][] {
  const policy =
    queue.topics.length === 0
      ? []
      : [
          [
            `  ${logical(queue.name, 'QueuePolicy')}:`,
            '    Type: AWS::SQS::QueuePolicy',
            '    Properties:',
            '      Queues:',
            `        - !Ref ${names.queue}`,
            '      PolicyDocument:',
            '        Version: "2012-10-17"',
            '        Statement:',
            '          - Effect: Allow',
            '            Principal:',
            '              Service: sns.amazonaws.com',
            '            Action: sqs:SendMessage',
            `            Resource: !GetAtt ${names.queue}.Arn`,
            '            Condition:',
            '              ArnEquals:',
            '                aws:SourceArn:',
            ...queue.topics.map((topic) => `                  - ${topicArn(topic)}`),
          ],
        ];
  return [
    [
      `  ${names.deadLetter}:`,
      '    Type: AWS::SQS::Queue',
      '    Properties:',
      `      QueueName: ${text(deadLetterNameOf(queue))}`,
      `      MessageRetentionPeriod: ${DEAD_LETTER_DAYS * DAY_SECONDS}`,
      '      SqsManagedSseEnabled: true',
      ...tagLines,
    ],
    [
      `  ${names.queue}:`,
      '    Type: AWS::SQS::Queue',
      '    Properties:',
      `      QueueName: ${text(queue.name)}`,
      `      VisibilityTimeout: ${queue.visibilitySeconds}`,
      `      MessageRetentionPeriod: ${queue.retentionDays * DAY_SECONDS}`,
      '      SqsManagedSseEnabled: true',
      '      RedrivePolicy:',
      `        deadLetterTargetArn: !GetAtt ${names.deadLetter}.Arn`,
      `        maxReceiveCount: ${queue.maxReceives}`,
      ...tagLines,
    ],
    ...policy,
    ...queue.topics.map((topic) => [
      `  ${logical(`${queue.name}-${topic}`, 'Subscription')}:`,
      '    Type: AWS::SNS::Subscription',
      '    Properties:',
      '      Protocol: sqs',
      `      TopicArn: ${topicArn(topic)}`,
      `      Endpoint: !GetAtt ${names.queue}.Arn`,
      '      RawMessageDelivery: true',
    ]),
  ];
}

/** Lines that are written in steps of two, in steps of `indent`; what follows a list's dash stays two columns behind it. */
function indented(lines: readonly string[], indent: string): string {
  const margins = new Map([[0, '']]);
  return lines
    .map((line) => {
      const depth = line.search(/\S|$/);
      for (const known of [...margins.keys()]) if (known > depth) margins.delete(known);
      const margin = margins.get(depth) ?? `${margins.get(Math.max(...margins.keys())) ?? ''}${indent}`;
      if (line !== '') margins.set(depth, margin);
      if (line.startsWith('- ', depth)) margins.set(depth + 2, `${margin}  `);
      return line === '' ? '\n' : `${margin}${line.slice(depth)}\n`;
    })
    .join('');
}

/** Logical names have letters and digits alone; what would be the same name twice (`a-b`, `a_b`) is numbered. */
function logicalNames(): (name: string, kind: string) => string {
  const taken = new Set<string>();
  return (name, kind) => {
    const words = name.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    const wanted = `${words.join('')}${kind}`;
    let free = wanted;
    for (let number = 2; taken.has(free); number += 1) free = `${wanted}${number}`;
    taken.add(free);
    return free;
  };
}

function text(value: string): string {
  return renderText(value, { quote: 'double' });
}
