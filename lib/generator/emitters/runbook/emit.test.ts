import { describe, expect, it } from 'vitest';
import { observeRunbooks, takenRunbookNumbers } from '../../observe/runbooks';
import { overlay, treeOf } from '../../overlay';
import { planAddition } from '../../plan';
import { Profile } from '../../profile';
import { resolvedSpec } from '../../test-resolved-spec';
import { sampleProfile, sampleTree } from '../../test-sample';
import { mediaRelay, transcriber, worker } from '../../test-specs';
import { catalogRow } from './catalog-row';
import { runbookEmitter } from './emit';

const sample = sampleTree();
const profile = sampleProfile(sample);
const manifest = resolvedSpec(transcriber, 35);
const folder = 'docs/runbooks';

describe('runbook', () => {
  it.each([
    ['voice-transcriber', resolvedSpec(transcriber, 35)],
    ['media-relay', resolvedSpec(mediaRelay, 35)],
    ['night-worker', resolvedSpec(worker, 1035)],
  ])('of %s reads as in the golden file', async (name, spec) => {
    const emission = runbookEmitter.emit({ manifest: spec, profile, tree: sample });
    const page = emission.edits.find((edit) => edit.kind === 'create');
    expect(page?.path).toMatch(new RegExp(`^${folder}/RUNBOOK-\\d{3,4}-${name}\\.md$`));
    await expect(page?.text).toMatchFileSnapshot(`fixtures/${name}.md`);
    expect(page?.text.split('\n')[0]).toMatch(/^# RUNBOOK-\d{3,4}: /);
  });

  it('adds one row to the sample’s catalog, in the form of its neighbours, and nothing else', () => {
    const plan = planAddition({ manifest, profile, tree: sample }, [runbookEmitter]);
    const catalog = plan.files.find((file) => file.path === profile.runbooks?.catalog);
    const before = new Set(catalog?.before?.split('\n'));
    const added = catalog?.after?.split('\n').filter((line) => !before.has(line));
    expect(added).toEqual([
      '| [RUNBOOK-035: Voice transcriber](docs/runbooks/RUNBOOK-035-voice-transcriber.md) | `ai` `production` | Turns recorded calls into searchable text: "fast" &amp; &lt;safe&gt;. | `redis` |',
    ]);
    expect(plan.refusals).toEqual([]);
  });

  it('has nothing to add to its own result, and is seen there', () => {
    const plan = planAddition({ manifest, profile, tree: sample }, [runbookEmitter]);
    const after = overlay(sample, new Map(plan.files.map((file) => [file.path, file.after])));
    expect(planAddition({ manifest, profile, tree: after }, [runbookEmitter]).outcome).toBe('unchanged');
    expect(observeRunbooks(after, profile).find((page) => page.slug === 'voice-transcriber')).toMatchObject({
      number: 35,
      title: 'Voice transcriber',
      date: '2026-11-03',
    });
  });

  it('never writes over a page that people have worked on', () => {
    const path = `${folder}/RUNBOOK-035-voice-transcriber.md`;
    const tree = treeOf({ [path]: '# RUNBOOK-035: Ours\n' });
    const emission = runbookEmitter.emit({ manifest, profile, tree });
    expect(emission.edits).toEqual([]);
    expect(emission.findings).toMatchObject([{ kind: 'runbook-kept', path }]);
  });

  it('refuses a number that another page has', () => {
    const tree = treeOf({ [`${folder}/RUNBOOK-035-other.md`]: '# RUNBOOK-035: Other\n' });
    const emission = runbookEmitter.emit({ manifest, profile, tree });
    expect(emission.edits).toEqual([]);
    expect(emission.conflicts).toMatchObject([{ kind: 'file', path: `${folder}/RUNBOOK-035-other.md` }]);
  });

  it('concerns only services that ask for one', () => {
    expect(runbookEmitter.applies({ manifest: resolvedSpec(worker), profile, tree: sample })).toBe(false);
    const bare = Profile.parse({ platform: { name: 'x', domain: 'x.test' } });
    expect(runbookEmitter.applies({ manifest, profile: bare, tree: sample })).toBe(false);
  });
});

describe('catalog row', () => {
  const page = { path: 'docs/runbooks/RUNBOOK-035-voice-transcriber.md', number: 35 };
  const rowIn = (text: string) => {
    const row = catalogRow(text, page, manifest);
    return typeof row === 'object' ? row : undefined;
  };

  it('copies the neighbours’ way of linking', () => {
    expect(rowIn('| Runbook |\n|---|\n| [`RUNBOOK-001`](../runbooks/RUNBOOK-001-a.md) |\n')?.text).toBe(
      '| [`RUNBOOK-035`](../runbooks/RUNBOOK-035-voice-transcriber.md) |\n',
    );
    expect(rowIn('| Runbook | Owner |\n|:--|:-:|\n| [RUNBOOK-001-a.md](RUNBOOK-001-a.md) | x |\n')?.text).toBe(
      '| [RUNBOOK-035-voice-transcriber.md](RUNBOOK-035-voice-transcriber.md) | platform |\n',
    );
    expect(rowIn('| Id | Title |\n|---|---|\n| RUNBOOK-001 | A |\n')?.text).toBe(
      '| RUNBOOK-035 | Voice transcriber |\n',
    );
  });

  it('goes into the table under a heading that names the category, else into the last', () => {
    const table = '| R |\n|---|\n| RUNBOOK-001 |\n';
    const text = `## Data\n\n${table}\n## AI and agents\n\n${table}\n## Rest\n\n${table}`;
    expect(rowIn(text)?.headerLine).toBe(9);
    expect(rowIn(`## Data\n\n${table}\n## Rest\n\n${table}`)?.headerLine).toBe(9);
    expect(rowIn(text)?.at).toBe(text.indexOf('## Rest') - 1);
  });

  it('keeps CRLF, and goes before a last row without a line break', () => {
    expect(rowIn('| R |\r\n|---|\r\n| RUNBOOK-001 |\r\n')?.text).toBe('| RUNBOOK-035 |\r\n');
    const text = '| R |\n|---|\n| RUNBOOK-001 |';
    expect(rowIn(text)).toMatchObject({ at: text.indexOf('| RUNBOOK-001'), text: '| RUNBOOK-035 |\n' });
  });

  it('is not added twice, nor to a table in a code block, nor where no table lists runbooks', () => {
    expect(catalogRow(`see ${page.path}\n`, page, manifest)).toBe('present');
    expect(catalogRow('```\n| R |\n|---|\n| RUNBOOK-001 |\n```\n', page, manifest)).toBeUndefined();
    expect(catalogRow('# Nothing\n', page, manifest)).toBeUndefined();
  });
});

describe('numbers of the sample repository', () => {
  it('are those of files, headings and rows, gaps and doubles included', () => {
    const files = observeRunbooks(sample, profile);
    const numbers = files.flatMap((file) => file.number ?? []);
    expect(numbers.length).toBeGreaterThan(new Set(numbers).size);
    expect(files.some((file) => file.number === undefined)).toBe(true);
    const taken = takenRunbookNumbers(sample, profile);
    expect(Math.max(...taken)).toBeGreaterThan(Math.max(...numbers));
  });
});
