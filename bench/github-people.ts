/** What people do on the local GitHub while something is measured, and what its truth is: pull requests, branches, where main stands. */
import { z } from 'zod';

const Pull = z.object({
  number: z.number(),
  state: z.enum(['open', 'closed']),
  merged_at: z.string().nullable(),
  head: z.object({ ref: z.string(), sha: z.string() }),
});
const WholePull = Pull.extend({ mergeable: z.boolean().nullable() });
const Ref = z.object({ object: z.object({ sha: z.string() }) });
const Seen = z.object({ requests: z.array(z.object({ method: z.string(), path: z.string() })) });

export type PullOnGitHub = z.infer<typeof Pull>;

/** So many pull requests GitHub gives on one page. */
const PAGE = 100;

export class GitHubPeople {
  private readonly api: string;
  private readonly repository: string;
  private readonly token: string;

  /** @param env of a local stack's portal. */
  constructor(env: Record<string, string>) {
    this.api = env.GITHUB_API_URL ?? '';
    this.repository = env.GITHUB_REPOSITORY ?? '';
    this.token = env.GITHUB_TOKEN ?? '';
  }

  /** GitHub takes 5,000 requests an hour; what more there would be is counted instead. */
  async liftHourlyLimit(): Promise<void> {
    await this.control('PUT', 'rate-limit', { limit: 10_000_000 });
  }

  /** Where deliveries go from now on. */
  async sendWebhooksTo(url: string, secret: string): Promise<void> {
    await this.control('PUT', 'webhook', { url, secret });
  }

  async push(message: string, files: Record<string, string>): Promise<void> {
    await this.control('POST', 'push', { login: 'operator', branch: 'main', message, files });
  }

  /** A form on a pull request's page, sent by an operator. @param sha of the head that was looked at; needed for a merge. */
  async act(
    number: number,
    action: 'merge' | 'comment' | 'approve',
    form: { text?: string; sha?: string } = {},
  ): Promise<void> {
    const { origin } = new URL(this.api);
    const answer = await fetch(`${origin}/${this.repository}/pull/${number}/actions`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ actor: 'operator', action, ...form }).toString(),
      redirect: 'manual',
    });
    if (answer.status >= 400) throw new Error(`${action} ${number}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  }

  async mainSha(): Promise<string> {
    return Ref.parse(await this.get('git/ref/heads/main')).object.sha;
  }

  /** Whether GitHub would merge it; null while it finds out. */
  async pull(number: number): Promise<PullOnGitHub & { mergeable: boolean | null }> {
    return WholePull.parse(await this.get(`pulls/${number}`));
  }

  /** Every pull request there ever was. */
  async pulls(): Promise<PullOnGitHub[]> {
    const pulls: PullOnGitHub[] = [];
    for (let page = 1; ; page += 1) {
      const read = z.array(Pull).parse(await this.get(`pulls?state=all&per_page=${PAGE}&page=${page}`));
      pulls.push(...read);
      if (read.length < PAGE) return pulls;
    }
  }

  /** What came in since the last time that this was asked: all requests, and those that create something. At most the last 5,000 are known. */
  async takeCounts(): Promise<{ all: number; writes: number }> {
    const { requests } = Seen.parse(await this.control('GET', 'requests'));
    await this.control('DELETE', 'requests');
    return { all: requests.length, writes: requests.filter(({ method }) => method !== 'GET').length };
  }

  private async get(path: string): Promise<unknown> {
    const answer = await fetch(`${this.api}/repos/${this.repository}/${path}`, {
      headers: { authorization: `Bearer ${this.token}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  private async control(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(new URL(`/_slipway/${path}`, this.api), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
