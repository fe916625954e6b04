import { describe, expect, it } from 'vitest';
import { digestOf } from './digest';
import { overlay, treeOf } from './overlay';
import { planAddition } from './plan';
import { Profile } from './profile';
import { resolvedSpec } from './test-resolved-spec';
import type { EmitContext, Emission, Emitter, Tree } from './types';

const profile = Profile.parse({ platform: { name: 'x', domain: 'x.test' } });
const manifest = resolvedSpec({
  name: 'relay',
  purpose: 'Relays',
  category: 'media',
  owner: 'o',
  ports: [{ name: 'http', internal: 80, external: 7880, why: 'w' }],
  runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
});
const base = treeOf({ 'list.yaml': 'items:\n  - one\n', 'other.txt': 'x\n' });

const emitter = (name: string, commit: Emitter['commit'], emit: (context: EmitContext) => Emission): Emitter => ({
  name,
  commit,
  applies: () => true,
  emit,
  owned: () => ({ parts: [] }),
});
/** Appends an item unless it is there. */
const appends = (name: string, commit: Emitter['commit'], item: string, path = 'list.yaml') =>
  emitter(name, commit, ({ tree }) => {
    const text = tree.read(path) ?? '';
    return text.includes(`- ${item}\n`)
      ? { edits: [] }
      : { edits: [{ kind: 'splice', path, start: text.length, end: text.length, text: `  - ${item}\n` }] };
  });

describe('planAddition', () => {
  it('leaves the mode of a file as it is', () => {
    const modes: Tree = { ...base, isExecutable: (path) => path === 'list.yaml' };
    const plan = planAddition({ manifest, profile, tree: modes }, [
      appends('registry', 'ports', 'three'),
      appends('compose', 'runtime', 'two'),
      appends('other', 'runtime', 'y', 'other.txt'),
    ]);
    const written = plan.commits.flatMap((commit) => commit.files.map((file) => [file.path, file.executable]));
    expect(written).toEqual([
      ['list.yaml', true],
      ['list.yaml', true],
      ['other.txt', false],
    ]);
    expect(plan.files.map((file) => file.executable)).toEqual([true, false]);
  });

  it('puts the ports alone first, whatever the order of the emitters', () => {
    const plan = planAddition({ manifest, profile, tree: base }, [
      emitter('page', 'docs', () => ({ edits: [{ kind: 'create', path: 'page.md', text: 'x\n' }] })),
      appends('compose', 'runtime', 'two'),
      appends('registry', 'ports', 'three'),
    ]);
    expect(plan.commits.map((commit) => [commit.key, commit.files.map((file) => file.path)])).toEqual([
      ['ports', ['list.yaml']],
      ['runtime', ['list.yaml']],
      ['docs', ['page.md']],
    ]);
    expect(plan.commits[0]?.subject).toBe('feat(ports): reserve 7880/tcp for relay');
    for (const commit of plan.commits) expect(commit.subject).toMatch(/^(feat|docs)(\([a-z0-9-]+\))?: .{1,60}$/);
  });

  it('composes what several emitters do to one file, each commit on the one before', () => {
    const plan = planAddition({ manifest, profile, tree: base }, [
      appends('a', 'ports', 'two'),
      appends('b', 'runtime', 'three'),
      appends('c', 'runtime', 'four'),
    ]);
    expect(plan.files).toEqual([
      {
        path: 'list.yaml',
        before: 'items:\n  - one\n',
        after: 'items:\n  - one\n  - two\n  - three\n  - four\n',
        executable: false,
      },
    ]);
    const [first, second] = plan.commits;
    expect(second?.files[0]?.before).toBe(first?.files[0]?.after);
    expect(plan.digest).toBe(digestOf(plan.commits));
  });

  it('is the same for the same input, and nothing on its own result', () => {
    const emitters = [appends('a', 'ports', 'two'), appends('b', 'runtime', 'three')];
    const plan = planAddition({ manifest, profile, tree: base }, emitters);
    expect(planAddition({ manifest, profile, tree: base }, emitters)).toEqual(plan);
    const after = overlay(base, new Map(plan.files.map((file) => [file.path, file.after])));
    expect(planAddition({ manifest, profile, tree: after }, emitters)).toMatchObject({
      outcome: 'unchanged',
      commits: [],
      files: [],
    });
  });

  it('keeps the other files when one emitter has a conflict or a refusal', () => {
    const plan = planAddition({ manifest, profile, tree: base }, [
      emitter('a', 'ports', () => ({
        edits: [],
        conflicts: [{ kind: 'name', field: 'name', message: 'm', path: 'p' }],
      })),
      emitter('b', 'runtime', () => ({
        edits: [{ kind: 'splice', path: 'other.txt', start: 0, end: 0, text: 'no line end' }],
      })),
      appends('c', 'runtime', 'two'),
    ]);
    expect(plan.files.map((file) => file.path)).toEqual(['list.yaml']);
    expect(plan.conflicts).toHaveLength(1);
    expect(plan.refusals).toMatchObject([{ path: 'other.txt', paste: { text: 'no line end' } }]);
    expect(plan.outcome).toBe('changes');
  });

  it('tells a finding once, and the next steps only where something changes', () => {
    const noisy: Emission = {
      edits: [],
      findings: [{ kind: 'k', message: 'm', path: 'p' }],
      followUps: [{ phase: 'start', key: 't', title: 't' }],
    };
    const plan = planAddition({ manifest, profile, tree: base }, [
      emitter('a', 'ports', () => noisy),
      emitter('b', 'docs', () => noisy),
    ]);
    expect(plan.findings.filter((finding) => finding.kind === 'k')).toHaveLength(1);
    expect(plan.followUps).toEqual([]);
  });

  it('says what the spec asks for and the platform has no place for', () => {
    const messages = planAddition({ manifest, profile, tree: base }, [appends('a', 'ports', 'two')]).findings.map(
      (finding) => finding.message,
    );
    expect(messages.join('\n')).toContain('`ports`');
    expect(messages.join('\n')).toContain('`compose`');
  });

  it('says what was looked for, and where to say where it is, on a platform that has none of the files', () => {
    const bare = resolvedSpec({
      name: 'relay',
      purpose: 'Relays',
      category: 'media',
      owner: 'o',
      runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
    });
    const { files, refusals } = planAddition({ manifest: bare, profile, tree: base });
    expect({ files, refusals }).toMatchObject({ files: [], refusals: [{ path: 'slipway.yaml' }] });
    expect(refusals[0]?.reason).toMatch(/looked for Compose files, Helm charts and a port registry.*slipway\.yaml/);
  });

  it('does not call it done when nothing concerns the service', () => {
    const plan = planAddition({ manifest, profile, tree: base }, [
      { ...appends('a', 'ports', 'x'), applies: () => false },
    ]);
    expect(plan.outcome).toBe('changes');
    expect(plan.refusals).toHaveLength(1);
  });
});
