import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeDraft, placeholderImage } from './complete-draft';
import { DraftContent } from './draft-content';
import { emptyDraft, emptyPort, formOf } from './draft-form';
import { ROW_ID } from './patch';
import { stepOfField } from './steps/index';

const defaults = {
  domain: 'ravenhelm.test',
  categories: { realtime: { owner: 'realtime-team', stack: 'integrations' } },
};

function draftWith(over: DraftContent): DraftContent {
  return { ...emptyDraft(), ...over };
}

const fiveFields = draftWith({
  name: 'livekit-egress',
  purpose: 'Records rooms',
  category: 'realtime',
  runtime: { source: { kind: 'image', image: 'livekit/egress:v1.9.0' }, compose: {} },
  ports: [{ name: 'http', protocol: 'tcp', internal: '7980', external: 'auto', why: 'Egress API' }],
});

describe('completeDraft', () => {
  it('makes a whole spec of five fields', () => {
    const { manifest, problems, filledIn } = completeDraft(fiveFields, defaults);
    expect(problems).toEqual([]);
    expect(manifest).toMatchObject({
      owner: 'realtime-team',
      routing: { host: 'livekit-egress.ravenhelm.test' },
      ports: [{ internal: { from: 7980, to: 7980 }, external: 'auto' }],
      security: { access: 'forward-auth', mtls: false },
    });
    expect(filledIn).toEqual({ owner: 'realtime-team', 'routing.host': 'livekit-egress.ravenhelm.test' });
  });

  it('previews what it can and says what it leaves out', () => {
    const content = { ...fiveFields, purpose: '', runtime: { source: { kind: 'image', image: '' }, compose: {} } };
    const { manifest, previewable, leftOut, problems } = completeDraft(content, defaults);
    expect(manifest).toBeUndefined();
    expect(problems.map(({ path }) => path).sort()).toEqual(['purpose', 'runtime.source.image']);
    expect(previewable?.runtime.source).toEqual({ kind: 'image', image: placeholderImage });
    expect(leftOut.map(({ path }) => path).sort()).toEqual(['purpose', 'runtime.source']);
  });

  it('leaves out one bad port row and keeps the others', () => {
    const good = { name: 'http', protocol: 'tcp', internal: '7980', external: 'auto', why: 'API' };
    const bad = { name: 'metrics', protocol: 'tcp', internal: '67890', external: 'none', why: 'Scrape' };
    const { previewable, leftOut, pathInDraft } = completeDraft({ ...fiveFields, ports: [bad, good] }, defaults);
    expect(previewable?.ports.map(({ name }) => name)).toEqual(['http']);
    expect(leftOut.map(({ path }) => path)).toEqual(['ports.0']);
    expect(pathInDraft('ports.0.external')).toBe('ports.1.external');
    expect(pathInDraft('routing.host')).toBe('routing.host');
  });

  it('counts rows as the form does, over several rounds', () => {
    const port = (name: string, internal: string) => ({
      name,
      protocol: 'tcp',
      internal,
      external: 'none',
      why: 'API',
    });
    // The first round finds the number that is none, the second that two ports have one name.
    const ports = [port('bad', 'x'), port('http', '80'), port('http', '81'), port('last', '82')];
    const { previewable, leftOut, pathInDraft } = completeDraft({ ...fiveFields, ports }, defaults);
    expect(leftOut.map(({ path }) => path)).toEqual(['ports.0', 'ports.2']);
    expect(previewable?.ports.map(({ internal }) => internal.from)).toEqual([80, 82]);
    expect(pathInDraft('ports.1.why')).toBe('ports.3.why');
  });

  it('says what to do in words of its own', () => {
    const row = { name: 'http', protocol: 'tcp', external: 'auto', why: 'API' };
    const say = (internal: string) =>
      completeDraft({ ...fiveFields, ports: [{ ...row, internal }] }, defaults).problems[0];
    expect(say('')).toEqual({ path: 'ports.0.internal', message: 'Still to fill in.' });
    expect(say('eighty')?.message).toMatch(/7880.*7881-7892/);
    expect(say('70000')?.message).toMatch(/65535/);
  });

  it.each([
    [
      'ports',
      [{ name: 'http', protocol: 'tcp', internal: '80', external: 'abc', why: 'API' }],
      'ports.0.external',
      /^A port such as/,
    ],
    [
      'runtime',
      { ...(fiveFields.runtime as object), healthCheck: { path: '/', intervalSeconds: 'soon' } },
      'runtime.healthCheck.intervalSeconds',
      /^A number\.$/,
    ],
    [
      'messaging',
      { queues: [{ name: 'jobs', environment: 'JOBS_URL', retentionDays: '99' }], publishes: [] },
      'messaging.queues.0.retentionDays',
      /^At most 14\.$/,
    ],
    ['docs', { dashboards: [{ title: 'Rooms', url: 'nope' }] }, 'docs.dashboards.0.url', /^A whole address/],
  ])('never speaks of types (%s)', (key, value, path, words) => {
    const { problems } = completeDraft({ ...fiveFields, [key]: value }, defaults);
    expect(problems.find((problem) => problem.path === path)?.message).toMatch(words);
  });

  it('has no preview without a name', () => {
    expect(completeDraft(emptyDraft(), defaults).previewable).toBeUndefined();
  });

  it('never throws, and what it says is a spec is one', () => {
    const content = fc.dictionary(
      fc.constantFrom(
        'name',
        'purpose',
        'category',
        'ports',
        'security',
        'runtime',
        'routing',
        'docs',
        'owner',
        'other',
      ),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(content, (over) => {
        const parsed = DraftContent.safeParse({ ...fiveFields, ...over });
        if (!parsed.success) return;
        const { manifest, problems } = completeDraft(parsed.data, defaults);
        expect(manifest === undefined).toBe(problems.length > 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the form', () => {
  it('reads back what it stored, and anything else without complaint', () => {
    const form = { ...emptyDraft(), name: 'livekit', maintainers: ['erin'] };
    expect(formOf(JSON.parse(JSON.stringify(form)))).toEqual(form);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(formOf(value)).toHaveProperty('ports');
      }),
    );
  });

  it('gives a whole spec with both kinds of a choice typed, and numbers as text', () => {
    const form = emptyDraft();
    Object.assign(form, { name: 'thing', purpose: 'Does it', category: 'realtime' });
    form.ports = [{ ...emptyPort(), name: 'http', internal: '80', external: 'none', why: 'API' }];
    form.runtime.source = { kind: 'image', image: 'nginx:1.29', context: 'services/thing', dockerfile: '' };
    form.security.publicReason = 'left over';
    const { manifest, problems } = completeDraft(form, defaults);
    expect(problems).toEqual([]);
    expect(JSON.stringify(manifest)).not.toContain(ROW_ID);
    expect(manifest?.runtime).toMatchObject({
      source: { kind: 'image', image: 'nginx:1.29' },
      healthCheck: { retries: 3 },
    });
  });
});

describe('stepOfField', () => {
  it('takes the longest prefix', () => {
    expect(stepOfField('runtime.source.image').name).toBe('basics');
    expect(stepOfField('runtime.volumes.0.target').name).toBe('runtime');
    expect(stepOfField('ports.2.external').name).toBe('ports');
    expect(stepOfField('').name).toBe('basics');
  });
});
