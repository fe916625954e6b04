// What CloudFormation would say first: it is YAML, and every name that is referred to is there.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScalar, parseDocument, visit } from 'yaml';
import { ManifestQueue } from '@/lib/services/manifest-operations';
import { resolvedSpec } from '../../test-resolved-spec';
import { parseYaml } from '../../yaml/parse';
import { renderTemplate } from './template';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/);
const queue = fc.record({
  name,
  environment: fc.constant('Q'),
  topics: fc.uniqueArray(name, { maxLength: 3 }),
  maxReceives: fc.integer({ min: 1, max: 100 }),
});

/** The references of a template: `!Ref X` and `!GetAtt X.Arn`, and its resources. */
function read(text: string): {
  references: string[];
  resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
} {
  const document = parseDocument(text);
  expect(document.errors).toEqual([]);
  const references: string[] = [];
  visit(document, (_, node) => {
    if (isScalar(node) && (node.tag === '!Ref' || node.tag === '!GetAtt'))
      references.push(String(node.value).replace(/\.Arn$/, ''));
  });
  const root = document.toJS() as { Resources: ReturnType<typeof read>['resources'] };
  return { references, resources: root.Resources };
}

describe('a template', () => {
  it('is sound for any queues and topics, in any indentation', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(queue, { maxLength: 4, selector: (one) => one.name }),
        fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(name, { maxLength: 2 }),
        fc.constantFrom('  ', '    ', '   '),
        (queues, published, elsewhere, indent) => {
          const manifest = {
            ...resolvedSpec({
              name: 'relay',
              purpose: 'Relays',
              category: 'media',
              owner: 'media',
              runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
            }),
            messaging: {
              queues: queues.map((one) => ManifestQueue.parse(one)),
              publishes: published.map((topic) => ({ topic, environment: 'T' })),
            },
          };
          if (queues.length === 0 && published.every((topic) => elsewhere.includes(topic))) return;
          const text = renderTemplate({ manifest, elsewhere: new Set(elsewhere), tags: [['Owner', 'yes']], indent });
          expect(parseYaml(text, 'a.yaml').ok).toBe(true);
          const { references, resources } = read(text);
          for (const reference of references) expect(Object.keys(resources)).toContain(reference);
          for (const logical of Object.keys(resources)) expect(logical).toMatch(/^[A-Za-z0-9]+$/);
          const ofType = (type: string) => Object.values(resources).filter((one) => one.Type === `AWS::${type}`);
          expect(ofType('SQS::Queue').map((one) => one.Properties['QueueName'])).toEqual(
            queues.flatMap((one) => [`${one.name}-dlq`, one.name]),
          );
          expect(ofType('SNS::Subscription')).toHaveLength(queues.flatMap((one) => one.topics).length);
          expect(ofType('SQS::QueuePolicy')).toHaveLength(queues.filter((one) => one.topics.length > 0).length);
          expect(ofType('SNS::Topic').map((one) => one.Properties['TopicName'])).toEqual(
            published.filter((topic) => !elsewhere.includes(topic)),
          );
          expect(
            ofType('SQS::Queue').every(
              (one) => JSON.stringify(one.Properties['Tags']) === '[{"Key":"Owner","Value":"yes"}]',
            ),
          ).toBe(true);
        },
      ),
    );
  });
});
