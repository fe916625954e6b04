// However people wrote their script, and whatever a spec asks for: lines are added and none is touched, done twice it is done once, and undone
// the script is what it was.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../apply-edits';
import { countLines, diffLines } from '../../line-diff';
import { overlay } from '../../overlay';
import { planRemoval } from '../../plan-removal';
import { parseShell } from '../../shell/script';
import { resolvedSpec } from '../../test-resolved-spec';
import { sampleProfile, sampleTree } from '../../test-sample';
import type { EmitContext } from '../../types';
import { localstackEmitter } from './emit';

const path = 'localstack/init/init-aws.sh';
const sample = sampleTree();
const profile = sampleProfile(sample);
const lines = (sample.read(path) ?? '').split('\n');

/** One thing that people do to a script between two statements. */
const edit = fc.record({
  line: fc.nat({ max: lines.length }),
  text: fc.constantFrom(
    '',
    '# a remark',
    '# ---- a banner ----',
    'create_secret "ravenhelm/other" "changeme" "Another"',
    'awslocal s3 mb s3://a',
    'create_parameter "/ravenhelm/x" "y"',
    'if true; then echo a; fi',
  ),
});
const secret = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9/_.-]{0,12}[a-z0-9]$/),
  purpose: fc.stringMatching(/^[ -~é]{1,40}$/).filter((text) => text.trim() !== ''),
  source: fc.constantFrom('generated' as const, 'provided' as const),
  store: fc.constantFrom('secret' as const, 'parameter' as const),
});
const queue = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/).map((name) => `q-${name}`),
  topics: fc.uniqueArray(fc.stringMatching(/^t[a-z0-9_-]{0,8}$/), { maxLength: 2 }),
});

describe('the script', () => {
  it('gains lines alone, once, and gives them back', () => {
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 6 }),
        fc.boolean(),
        fc.uniqueArray(secret, { maxLength: 4, selector: (one) => one.name.replace(/^\/+/, '') }),
        fc.uniqueArray(queue, { maxLength: 2, selector: (one) => one.name }),
        (edits, endsOpen, secrets, queues) => {
          const edited = [...lines];
          for (const { line, text } of [...edits].sort((a, b) => b.line - a.line)) edited.splice(line, 0, text);
          const before = edited.join('\n').replace(/\n+$/, endsOpen ? '' : '\n');
          // Between the lines of one statement there is no place for another.
          fc.pre(parseShell(before).ok);
          const manifest = resolvedSpec({
            name: 'relay',
            purpose: 'Relays',
            category: 'realtime',
            owner: 'realtime',
            runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
            security: {
              secrets: secrets.map((one, index) => ({ ...one, name: `relay/${one.name}`, environment: `S${index}` })),
            },
            messaging: { queues: queues.map((one, index) => ({ ...one, environment: `Q${index}` })) },
          });
          const tree = overlay(sample, new Map([[path, before]]));
          const context: EmitContext = { manifest, profile, tree };
          fc.pre(localstackEmitter.applies(context));
          const emission = localstackEmitter.emit(context);
          const applied = applyEdits(tree, emission.edits);
          expect([emission.conflicts, emission.refusals ?? [], applied.refusals]).toEqual([[], [], []]);
          const after = applied.files.get(path)?.text ?? before;
          expect(countLines(diffLines(before, after)).removed).toBe(0);
          expect(parseShell(after).ok).toBe(true);
          const added = overlay(tree, new Map([[path, after]]));
          expect(localstackEmitter.emit({ ...context, tree: added }).edits).toEqual([]);
          const removal = planRemoval({ ...context, tree: added }, [localstackEmitter]);
          expect(removal.refusals).toEqual([]);
          expect(removal.files.find((file) => file.path === path)?.after).toBe(before);
        },
      ),
      { numRuns: 60 },
    );
  });
});
