/**
 * Sends events to the one webhook, signed as GitHub signs them: one after the other, each once, never again by itself. What
 * became of it is kept, and a person may send it again.
 */
import { createHmac, randomUUID } from 'node:crypto';

import { isoOf, type Hub, type HubEvent } from './hub';
import { presentRepository, repositoryUrl } from './present/repository';
import { presentUser } from './present/user';
import type { DeliveryState } from './state';

export interface WebhookTarget {
  url: string;
  secret: string;
}

const TIMEOUT_MS = 10_000;
const KEPT = 200;
const HOOK_ID = 1;

interface Payload {
  event: string;
  action: string | null;
  text: string;
}

/** The value of `x-hub-signature-256` for a body. */
export function signatureOf(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export class Webhook {
  private queue: Promise<void> = Promise.resolve();
  private readonly payloads = new Map<string, Payload>();
  private readonly closing = new AbortController();

  constructor(
    private readonly hub: Hub,
    public target: WebhookTarget | undefined,
  ) {
    hub.onEvent = (event) => this.send(event);
  }

  private send({ event, action, payload }: HubEvent): void {
    if (this.target === undefined) return;
    const guid = randomUUID();
    this.payloads.set(guid, { event, action, text: JSON.stringify(payload) });
    for (const old of [...this.payloads.keys()].slice(0, -KEPT)) this.payloads.delete(old);
    this.enqueue(guid, false);
  }

  /** Points the webhook at an address and sends it a ping, as GitHub does for a new one. */
  configure(target: WebhookTarget | undefined): void {
    this.target = target;
    if (target === undefined) return;
    this.hub.state.pinged = target.url;
    const hook = {
      type: 'Repository',
      id: HOOK_ID,
      name: 'web',
      active: true,
      events: ['*'],
      config: { url: target.url, content_type: 'json', insecure_ssl: '0' },
      url: `${repositoryUrl(this.hub)}/hooks/${HOOK_ID}`,
      ping_url: `${repositoryUrl(this.hub)}/hooks/${HOOK_ID}/pings`,
      deliveries_url: `${repositoryUrl(this.hub)}/hooks/${HOOK_ID}/deliveries`,
    };
    const about = { repository: presentRepository(this.hub), sender: presentUser(this.hub, this.hub.owner) };
    this.send({
      event: 'ping',
      action: null,
      payload: { zen: 'Keep it logically awesome.', hook_id: HOOK_ID, hook, ...about },
    });
  }

  /** Sends a kept delivery once more, under the same id. @returns whether it is still kept. */
  redeliver(guid: string): boolean {
    if (!this.payloads.has(guid)) return false;
    this.enqueue(guid, true);
    return true;
  }

  private enqueue(guid: string, redelivery: boolean): void {
    this.queue = this.queue.then(() => this.deliver(guid, redelivery)).catch((error: unknown) => console.error(error));
  }

  private async deliver(guid: string, redelivery: boolean): Promise<void> {
    const payload = this.payloads.get(guid);
    if (payload === undefined || this.target === undefined || this.closing.signal.aborted) return;
    const { url, secret } = this.target;
    const started = Date.now();
    const delivery: DeliveryState = {
      id: this.hub.nextId(),
      guid,
      event: payload.event,
      action: payload.action,
      deliveredAt: isoOf(this.hub.now()),
      redelivery,
      statusCode: 0,
      status: '',
      durationMs: 0,
    };
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'GitHub-Hookshot/slipway',
          'x-github-event': payload.event,
          'x-github-delivery': guid,
          'x-github-hook-id': String(HOOK_ID),
          'x-github-hook-installation-target-type': 'repository',
          'x-hub-signature-256': signatureOf(secret, payload.text),
        },
        body: payload.text,
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.closing.signal]),
      });
      await response.arrayBuffer();
      delivery.statusCode = response.status;
      delivery.status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`;
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      delivery.status = timedOut ? 'timed out' : 'failed to connect to host';
    }
    delivery.durationMs = Date.now() - started;
    const { deliveries } = this.hub.state;
    deliveries.push(delivery);
    deliveries.splice(0, Math.max(0, deliveries.length - KEPT));
    await this.hub.save();
  }

  /** Resolves when everything sent so far has been answered or given up. */
  async idle(): Promise<void> {
    await this.queue;
  }

  /** Ends the delivery that is under way and drops those that wait. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.queue;
  }
}
