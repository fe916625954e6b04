/** What a signed-in person's browser or script sends to a portal. */
import { randomUUID } from 'node:crypto';
import type { DraftForm } from '@/lib/wizard/draft-form';
import { emptyDraft, emptyPort } from '@/lib/wizard/draft-form';
import type { Preview } from '@/lib/wizard/preview';

export interface Portal {
  url: string;
  /** What people know it by. */
  origin: string;
  cookie: string;
}

/** A service with one port, all else as the wizard begins. */
export function draftOf(name: string, category: string): DraftForm {
  const form = emptyDraft();
  Object.assign(form, { name, purpose: 'Measures how long it takes', category });
  form.runtime.source.image = 'nginx:1.29.3';
  form.ports = [{ ...emptyPort(), name: 'http', internal: '8080', why: 'HTTP API' }];
  return form;
}

export async function post<Answer>(
  portal: Portal,
  path: string,
  data: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(portal.url + path, {
    method: 'POST',
    headers: { cookie: portal.cookie, origin: portal.origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(data),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

export function preview(portal: Portal, content: DraftForm): Promise<Preview> {
  return post<Preview>(portal, '/api/v1/preview', { content });
}

/** Submits what the preview showed. Where others took its numbers meanwhile, the next free ones are as good. @returns the request's number. */
export async function submit(portal: Portal, { manifest, digest, ports, runbook, problems }: Preview): Promise<number> {
  if (digest === undefined) throw new Error(`nothing to submit: ${JSON.stringify(problems)}`);
  const renumber = {
    ports: ports.map(({ from, to }) => ({ from, to })),
    ...(runbook?.number === undefined ? {} : { runbook: runbook.number }),
  };
  const key = { 'idempotency-key': randomUUID() };
  const { requestId } = await post<{ requestId: number }>(
    portal,
    '/api/v1/requests',
    { manifest, digest, renumber },
    key,
  );
  return requestId;
}
