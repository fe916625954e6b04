import { describe, expect, it } from 'vitest';
import { openLink, sealLink, type DraftLink } from './draft-link';

const now = new Date('2026-11-21T12:00:00Z');
const link: DraftLink = {
  draftId: '6f0c6a3e-8f0e-4f7e-9a4b-0a1b2c3d4e5f',
  madeBy: '0c2f4f0e-54a1-4d0c-a55f-2f3d1c6f2a11',
  audience: { kind: 'email', email: 'omar@example.com' },
  generation: 1,
  expires: now.getTime() / 1000 + 60,
};
const seal = { secrets: ['n'.repeat(32)], portal: 'https://slipway.example.com' };
const token = sealLink(link, seal);

describe('a link', () => {
  it('opens to what was sealed, and shows nothing of it', () => {
    expect(openLink(token, seal, now)).toEqual(link);
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
    const bytes = Buffer.from(token, 'base64url').toString('latin1');
    for (const word of [link.draftId, link.madeBy, 'omar', 'draftId', 'expires']) expect(bytes).not.toContain(word);
  });

  it('is another text each time', () => {
    expect(sealLink(link, seal)).not.toBe(token);
  });

  it('does not open with any of its bits changed: nonce, content and tag', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const forged = Buffer.from(bytes);
      forged[at] = (forged[at] ?? 0) ^ (1 << (at % 8));
      expect(openLink(forged.toString('base64url'), seal, now), `byte ${at}`).toBeUndefined();
    }
  });

  it('does not open cut at any place, with more behind it, or written in another way', () => {
    for (let length = 0; length < token.length; length += 1)
      expect(openLink(token.slice(0, length), seal, now), `${length} characters`).toBeUndefined();
    for (const other of [`${token}A`, `${token}=`, ` ${token}`, `${token}\n`, 'A'.repeat(5000)])
      expect(openLink(other, seal, now)).toBeUndefined();
  });

  it('does not open with a character changed that decoding forgives', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const others = [...alphabet].map((last) => token.slice(0, -1) + last).filter((other) => other !== token);
    for (const other of others) expect(openLink(other, seal, now)).toBeUndefined();
  });

  it('opens after a change of the secret, until the old one is gone', () => {
    const rotated = { ...seal, secrets: ['m'.repeat(32), ...seal.secrets] };
    expect(openLink(token, rotated, now)).toEqual(link);
    expect(openLink(sealLink(link, rotated), seal, now)).toBeUndefined();
    expect(openLink(token, { ...seal, secrets: ['m'.repeat(32)] }, now)).toBeUndefined();
  });

  it('of before links could be taken back is of the first generation', () => {
    const { generation: _, ...before } = link;
    expect(openLink(sealLink(before as DraftLink, seal), seal, now)).toEqual(link);
  });

  it('does not open past its time, or on another portal with the same secret', () => {
    expect(openLink(token, seal, new Date(now.getTime() + 59_000))).toEqual(link);
    expect(openLink(token, seal, new Date(now.getTime() + 60_000))).toBeUndefined();
    expect(openLink(token, { ...seal, portal: 'https://staging.example.com' }, now)).toBeUndefined();
  });
});
