/**
 * What GitHub answered last, so that it is asked "has this changed?" instead of "what is it?". Polls ask the same again and again, and an answer 304 does not
 * count against the hourly budget that they share with everything else:
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 *
 * Nothing is ever taken from here without asking. An ETag holds for the token that it was given to (`Vary: Authorization`,
 * https://github.com/github/docs/issues/34689), so that with an App, whose tokens last an hour, each answer is given anew once an hour.
 */
import { RequestError } from '@octokit/request-error';
import type { Octokit } from '@octokit/rest';

/** So much text is kept in each process, in UTF-16 units: some hundred open requests. Beyond it goes what was not asked for the longest time. */
const MOST_TEXT = 32 * 1024 * 1024;
/** A list of a hundred pull requests has two to three million. What is longer is not kept. */
const LONGEST_TEXT = MOST_TEXT / 4;

/** What is known by its hash never changes, and is kept elsewhere. */
const BY_HASH = /\/git\/(blobs|trees|commits)\/|\/compare\//;

type Headers = Record<string, string | number | undefined>;

interface Remembered {
  etag: string;
  headers: Headers;
  /** As text, so that nobody changes what somebody else is given. */
  text: string;
}

/**
 * Makes every reading request of this client a conditional one. Whoever asks does not notice: an answer 304 is given as the one that it confirms.
 * @param mostText how much is kept, in UTF-16 units.
 * @returns what forgets everything: an answer that could not be read must not be confirmed.
 */
export function rememberAnswers(octokit: Octokit, mostText = MOST_TEXT): { forget: () => void } {
  const answers = new Answers(mostText);
  octokit.hook.wrap('request', async (request, options) => {
    if (options.method !== 'GET' || BY_HASH.test(options.url)) return request(options);
    const { url, headers } = octokit.request.endpoint.parse(options);
    const key = `${headers.accept ?? ''} ${url}`;
    const known = answers.get(key);
    // Hooks further in are given these options, and no others; whoever asks a second time comes by with them again.
    if (known) options.headers['if-none-match'] = known.etag;
    else delete options.headers['if-none-match'];
    try {
      const answer = await request(options);
      answers.keep(key, answer);
      return answer;
    } catch (error) {
      const confirmed = notModified(error);
      if (!known || !confirmed) throw error;
      return { status: 200, url, headers: { ...known.headers, ...confirmed }, data: JSON.parse(known.text) as unknown };
    }
  });
  return { forget: () => answers.forget() };
}

/** The answers that were asked for last, up to an amount of text. */
class Answers {
  private readonly kept = new Map<string, Remembered>();
  private size = 0;

  constructor(private readonly most: number) {}

  get(key: string): Remembered | undefined {
    const known = this.kept.get(key);
    if (!known) return undefined;
    // Most recently used last.
    this.kept.delete(key);
    this.kept.set(key, known);
    return known;
  }

  keep(key: string, { headers, data }: { headers: Headers; data: unknown }): void {
    this.drop(key);
    const { etag } = headers;
    // Not everything is JSON; that which is not has no text of its own.
    const text = typeof etag === 'string' && typeof data === 'object' ? JSON.stringify(data) : undefined;
    if (typeof etag !== 'string' || text === undefined || text.length > Math.min(LONGEST_TEXT, this.most)) return;
    this.kept.set(key, { etag, headers, text });
    this.size += text.length;
    for (const oldest of this.kept.keys()) {
      if (this.size <= this.most) return;
      this.drop(oldest);
    }
  }

  forget(): void {
    this.kept.clear();
    this.size = 0;
  }

  private drop(key: string): void {
    this.size -= this.kept.get(key)?.text.length ?? 0;
    this.kept.delete(key);
  }
}

/** The headers of an answer 304, which Octokit throws; undefined for everything else. */
function notModified(error: unknown): Headers | undefined {
  return error instanceof RequestError && error.status === 304 ? error.response?.headers : undefined;
}
