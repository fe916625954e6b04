import { describe, expect, it } from 'vitest';
import { standingFor, type Registered } from './registration-place';

const text = `ENTRIES=(
  # --- edge ---
  "traefik"
  # --- events ---
  "crow-relay"
)
`;

const registered = (entry: string, nearness: number): Registered => {
  const start = text.lastIndexOf('\n', text.indexOf(`"${entry}"`)) + 1;
  return { start, end: text.indexOf('\n', start) + 1, nearness };
};

describe('standingFor', () => {
  const kinds = ['edge', 'events', 'ai-infra'];

  it('puts a service under its own stack, whatever its relatives are', () => {
    const items = [registered('traefik', 0), registered('crow-relay', 3)];
    expect(standingFor(text, items, kinds, ['edge'])).toEqual({ after: 0 });
    expect(standingFor(text, items, kinds, ['ai-infra'])).toEqual({ after: 1, heading: '  # --- ai-infra ---' });
    expect(standingFor(text, items, kinds, ['events'])).toEqual({ after: 1 });
  });
});
