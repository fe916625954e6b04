/** What a signed-in person's browser or script sends to a portal. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
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

/** Costs a third of what `fetch` does: whoever measures has the machine together with what is measured. */
const agent = new Agent({ keepAlive: true });

export async function post<Answer>(
  portal: Portal,
  path: string,
  data: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const sent = request(portal.url + path, {
    agent,
    method: 'POST',
    headers: { cookie: portal.cookie, origin: portal.origin, 'content-type': 'application/json', ...headers },
  });
  sent.end(JSON.stringify(data));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const content = await text(answer);
  const { statusCode = 0 } = answer;
  if (statusCode < 200 || statusCode > 299) throw new Error(`${path}: ${statusCode} ${content}`);
  return JSON.parse(content) as Answer;
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
