// Which runbook numbers are spoken for, in every way that repositories name pages and list them.
import { describe, expect, it } from 'vitest';
import { Manifest } from '@/lib/services/manifest';
import { runbookOf } from '../emitters/runbook/address';
import { treeOf } from '../overlay';
import { Profile } from '../profile';
import { resolveFromTree } from '../resolve';
import { isPageOf, observeRunbooks, runbookNamingOf, takenRunbookNumbers } from './runbooks';

const profileOf = (runbooks: object) =>
  Profile.parse({ platform: { name: 'x', domain: 'x.test' }, runbooks: { folder: 'docs/runbooks', ...runbooks } });
const profile = profileOf({
  catalog: 'docs/catalog.md',
  architectureIndex: 'docs/index.md',
  readme: { file: 'README.md', heading: 'Services' },
});
const manifest = Manifest.parse({
  name: 'relay',
  purpose: 'Relays',
  category: 'media',
  owner: 'o',
  runtime: { source: { kind: 'image', image: 'a:1' }, compose: {} },
});
const next = (files: Record<string, string>, using = profile, takenRunbooks: number[] = []) =>
  resolveFromTree(manifest, using, treeOf(files), { date: '2026-11-21', takenRunbooks }).resolved.runbook?.number;

describe('pages', () => {
  it.each([
    ['RUNBOOK-031-livekit.md', 31, 'livekit'],
    ['RUNBOOK-7-livekit.md', 7, 'livekit'],
    ['runbook_031.md', 31, ''],
    ['Runbook 31 livekit.md', 31, 'livekit'],
    ['RB031-livekit.md', 31, 'livekit'],
    ['031-livekit.md', 31, 'livekit'],
    ['31_livekit.md', 31, 'livekit'],
    ['2026-10-21-outage.md', undefined, '2026-10-21-outage'],
    ['RUNBOOK-host-maintenance.md', undefined, 'RUNBOOK-host-maintenance'],
    ['onboarding.md', undefined, 'onboarding'],
  ])('are read by their names: %s', (name, number, slug) => {
    const [page] = observeRunbooks(treeOf({ [`docs/runbooks/${name}`]: '# A page\n' }), profile);
    expect([page?.number, page?.slug]).toEqual([number, slug]);
  });

  it('are read as the profile says that they are named', () => {
    const house = profileOf({ fileName: '{slug}.{number}.md' });
    expect(observeRunbooks(treeOf({ 'docs/runbooks/livekit.31.md': '' }), house)[0]).toMatchObject({
      number: 31,
      slug: 'livekit',
    });
  });

  it('are read where the profile says a part of their names twice', () => {
    const house = profileOf({ fileName: '{number}-{slug}-{number}.md' });
    const pages = observeRunbooks(treeOf({ 'docs/runbooks/31-livekit-31.md': '' }), house);
    expect(pages[0]).toMatchObject({ number: 31, slug: 'livekit' });
  });

  it('are a service’s by their name, with or without a number, or by what they say', () => {
    const pages = observeRunbooks(
      treeOf({
        'docs/runbooks/RUNBOOK-relay.md': '',
        'docs/runbooks/runbook_004.md': '# RUNBOOK-004: R\n\n| | |\n|---|---|\n| Service | `relay` |\n',
        'docs/runbooks/RUNBOOK-005-media_relay.md': '',
        'docs/runbooks/RUNBOOK-006-relay-ui.md': '',
      }),
      profile,
    );
    expect(pages.map((page) => isPageOf(page, { name: 'relay', workload: 'media-relay' }))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('are numbered with as many digits as most of them', () => {
    const two = treeOf({
      'docs/runbooks/RUNBOOK-07-a.md': '',
      'docs/runbooks/RUNBOOK-12-b.md': '',
      'docs/runbooks/RUNBOOK-100-c.md': '',
    });
    expect(runbookNamingOf(two, profile).digits).toBe(2);
    const resolved = {
      ...resolveFromTree(manifest, profile, two, { date: '2026-11-21' }).resolved,
      runbook: { number: 13 },
    };
    expect(runbookOf({ manifest: resolved, profile, tree: two })).toMatchObject({
      id: 'RUNBOOK-13',
      path: 'docs/runbooks/RUNBOOK-13-relay.md',
    });
    expect(runbookOf({ manifest: resolved, profile, tree: treeOf({}) })).toMatchObject({
      path: 'docs/runbooks/RUNBOOK-013-relay.md',
    });
  });
});

describe('the next number', () => {
  it('is above what files, headings, front matter and lists claim, doubles and gaps or not', () => {
    expect(next({})).toBe(1);
    expect(
      next({
        'docs/runbooks/RUNBOOK-010-a.md': '',
        'docs/runbooks/RUNBOOK-010-b.md': '',
        'docs/runbooks/RUNBOOK-003-c.md': '',
      }),
    ).toBe(11);
    expect(next({ 'docs/runbooks/plain.md': '# RUNBOOK-012: Named inside\n' })).toBe(13);
    expect(next({ 'docs/runbooks/plain.md': '---\nnumber: 14\n---\n# Named above\n' })).toBe(15);
    expect(next({ 'docs/runbooks/plain.md': '# 016 – Named inside\n' })).toBe(17);
    expect(next({ 'docs/runbooks/a.md': '# A\n\nSee RUNBOOK-099.\n' })).toBe(1);
  });

  it('is above a row, an item or a link that no file stands behind', () => {
    expect(next({ 'docs/catalog.md': '| R |\n|---|\n| RUNBOOK-034: Neo4j (planned) |\n' })).toBe(35);
    expect(next({ 'docs/catalog.md': '| No. | What |\n|---|---|\n| 021 | Soon |\n' })).toBe(22);
    expect(next({ 'docs/catalog.md': '1. [Soon](runbooks/041-soon.md)\n' })).toBe(42);
    expect(next({ 'docs/index.md': '- Agents, see [x](../runbooks/RUNBOOK-050-x.md)\n' })).toBe(51);
    expect(next({ 'README.md': '## Services\n\n* relay-ui (RUNBOOK-060)\n' })).toBe(61);
    expect(next({ 'docs/catalog.md': 'Before RUNBOOK-070 there was nothing.\n' })).toBe(1);
  });

  it('is above what open requests hold, and the service’s own where it has a page', () => {
    expect(next({ 'docs/runbooks/RUNBOOK-010-a.md': '' }, profile, [12])).toBe(13);
    expect(next({ 'docs/runbooks/RUNBOOK-004-relay.md': '', 'docs/runbooks/RUNBOOK-010-a.md': '' })).toBe(4);
  });

  it('is told in order and each once', () => {
    const tree = treeOf({
      'docs/runbooks/RUNBOOK-010-a.md': '# RUNBOOK-009: Renumbered\n',
      'docs/catalog.md': '- RUNBOOK-010\n- RUNBOOK-002\n',
    });
    expect(takenRunbookNumbers(tree, profile)).toEqual([2, 9, 10]);
  });
});
