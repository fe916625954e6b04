// Houses name their runbooks in many ways; a new page is called like the others wherever it is named.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { detectProfile } from '../../detect';
import { overlay, treeOf } from '../../overlay';
import { planAddition } from '../../plan';
import { planRemoval } from '../../plan-removal';
import { Profile } from '../../profile';
import { describePullRequest } from '../../pull-request';
import { resolvedSpec } from '../../test-resolved-spec';
import { localstackEmitter } from '../localstack/emit';
import { prometheusEmitter } from '../prometheus/emit';
import { runbookEmitter } from './emit';

interface House {
  runbooks: object;
  number: number;
  files: Record<string, string>;
  /** Where the page goes, and its first line without the mark. */
  path: string;
  heading: string;
  /** Subject of the commit with the documents. */
  subject: string;
  /** How a placeholder in a script refers to the page. */
  see: string;
  /** The line in the catalog. */
  row?: string;
}

const folder = fileURLToPath(new URL('houses', import.meta.url));
const houses = readdirSync(folder).map((file): [string, House] => [
  file.replace('.yaml', ''),
  parse(readFileSync(`${folder}/${file}`, 'utf8')) as House,
]);
const script = 'localstack/init-aws.sh';

describe.each(houses)('a house with %s', (_, house) => {
  const files = {
    ...house.files,
    [script]: '#!/bin/bash\nawslocal secretsmanager create-secret --name a --secret-string b\n',
  };
  const tree = treeOf(files);
  const profile = Profile.parse({
    platform: { name: 'Test', domain: 'example.test' },
    runbooks: house.runbooks,
    secrets: { localstackInit: script },
    observability: { rules: 'rules' },
  });
  const manifest = resolvedSpec(
    {
      name: 'livekit-egress',
      displayName: 'LiveKit egress',
      purpose: 'Records rooms.',
      category: 'realtime',
      owner: 'voice',
      runtime: { source: { kind: 'image', image: 'livekit/egress:v1.9.0' }, compose: {} },
      security: { secrets: [{ name: 'livekit/key', environment: 'KEY_NAME', purpose: 'Key', source: 'provided' }] },
      observability: { alerts: [{ name: 'EgressDown', expression: 'up == 0', summary: 'Down' }] },
    },
    house.number,
  );
  const emitters = [localstackEmitter, prometheusEmitter, runbookEmitter];
  const plan = planAddition({ manifest, profile, tree }, emitters);
  const textOf = (path: string): string => plan.files.find((file) => file.path === path)?.after ?? '';

  it('has a new page called like the others', () => {
    expect(plan.conflicts).toEqual([]);
    expect(plan.files.map(({ path }) => path)).toContain(house.path);
    expect(textOf(house.path).split('\n')[0]).toBe(`# ${house.heading}`);
    expect(plan.commits.find(({ key }) => key === 'docs')?.subject).toBe(house.subject);
    expect(textOf(script)).toContain(`is set by voice, see ${house.see}`);
    expect(textOf('rules/livekit-egress.yml')).toContain(`runbook_url: ${house.path}\n`);
    const body = describePullRequest({ plan, resolved: manifest, profile, checks: [], links: {} }).body;
    expect(body).toContain(`\`${house.path}\``);
    const everything = [body, ...plan.commits.map(({ subject }) => subject), ...plan.files.map(({ after }) => after)];
    if (!house.heading.startsWith('RUNBOOK-')) expect(everything.join('\n')).not.toMatch(/RUNBOOK-\d/);
  });

  it('has it in the catalog in the form of the rows there', () => {
    const catalog = profile.runbooks?.catalog;
    const before = new Set((tree.read(catalog ?? '') ?? '').split('\n'));
    const lines = textOf(catalog ?? '').split('\n');
    expect(lines.filter((line) => line !== '' && !before.has(line))).toEqual(
      house.row === undefined ? [] : [house.row],
    );
  });

  it('has nothing to add to the result, and gets every byte back', () => {
    const after = overlay(tree, new Map(plan.files.map((file) => [file.path, file.after])));
    expect(planAddition({ manifest, profile, tree: after }, emitters).files).toEqual([]);
    const removal = planRemoval({ manifest, profile, tree: after }, emitters);
    const back = overlay(after, new Map(removal.files.map((file) => [file.path, file.after])));
    expect(Object.fromEntries(back.paths.map((path) => [path, back.read(path)]))).toEqual(files);
    expect(removal.commits.find(({ key }) => key === 'docs')?.subject).toBe(
      house.subject.replace(': add ', ': remove '),
    );
  });

  it('is guessed from the tree alone', () => {
    if (Object.keys(house.files).length === 0) return;
    const guessed = detectProfile(tree).profile;
    const inferred = Profile.parse({ ...profile, runbooks: guessed.runbooks });
    expect(inferred.runbooks).toMatchObject({ folder: profile.runbooks?.folder });
    expect(inferred.runbooks?.catalog).toBe(profile.runbooks?.catalog);
    const again = planAddition({ manifest, profile: inferred, tree }, emitters);
    expect(again.files.map(({ path }) => path)).toContain(house.path);
  });
});
