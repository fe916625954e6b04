import { describe, expect, it } from 'vitest';
import { resolvedSpec } from '../../test-resolved-spec';
import { sampleProfile, sampleTree } from '../../test-sample';
import { transcriber } from '../../test-specs';
import { secretNotes } from './notes';

describe('notes on secrets', () => {
  it('say who sets each, and how it is replaced without its value in a command', () => {
    const tree = sampleTree();
    const notes = secretNotes({ manifest: resolvedSpec(transcriber), profile: sampleProfile(tree), tree });
    expect(notes.map(({ name, setBy }) => [name, setBy])).toEqual([
      ['ravenhelm/voice-transcriber/model-token', 'platform'],
      ['ravenhelm/voice-transcriber/signing', 'made when LocalStack starts'],
    ]);
    expect(notes[0]?.rotate).toBe(
      `docker exec -i gitlab-sre-localstack sh -c 'awslocal secretsmanager put-secret-value --secret-id ravenhelm/voice-transcriber/model-token --secret-string "$(cat)"'`,
    );
    expect(notes[1]?.rotate).toMatch(/^openssl rand -hex 32 \| docker exec -i /);
  });
});
