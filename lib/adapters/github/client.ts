/**
 * The one door to GitHub: credentials, time limits, and answers parsed before anybody trusts them. Everything else in this folder goes through
 * `call`, so that a refusal means the same thing everywhere.
 */
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { z } from 'zod';
import type { GitHubSettings } from '@/lib/env-github';
import { log } from '@/lib/log';
import { isAboutTheApp, limitOf, refusalStatus, translateError, unreadableAnswer } from './errors';
import { rememberAnswers } from './remembered-answers';
import { watched, type GitHubWatch } from './watch';

/** GitHub itself gives up after ten seconds. */
const TIMEOUT_MS = 15_000;

interface Answer {
  data: unknown;
}

export interface GitHub {
  readonly rest: Octokit['rest'];
  readonly owner: string;
  readonly repository: string;
  /** owner/name */
  readonly fullName: string;
  /** Parameters that nearly every call needs. */
  readonly at: { owner: string; repo: string };
  /**
   * Asks, and parses the answer.
   * @param what we want, as an infinitive, for messages.
   * @throws UpstreamError
   */
  call<Schema extends z.ZodType>(what: string, schema: Schema, ask: () => Promise<Answer>): Promise<z.output<Schema>>;
  /**
   * Like `call`, where some refusals are answers: their status is handed back.
   * @throws UpstreamError for every other refusal.
   */
  tryCall<Schema extends z.ZodType>(
    what: string,
    schema: Schema,
    statuses: readonly number[],
    ask: () => Promise<Answer>,
  ): Promise<{ ok: true; data: z.output<Schema> } | { ok: false; status: number }>;
}

/**
 * @param options.timeoutMs limit for one call.
 * @param options.watch who is asked before each call and hears of each answer's limits.
 */
export function createGitHub(
  config: GitHubSettings,
  { timeoutMs = TIMEOUT_MS, watch }: { timeoutMs?: number; watch?: GitHubWatch } = {},
): GitHub {
  const logger = log('github');
  const octokit = new Octokit({
    ...authentication(config.credentials),
    baseUrl: config.apiUrl,
    userAgent: 'slipway',
    request: {
      fetch: (input: string | URL | Request, init?: RequestInit) =>
        fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
    },
    log: {
      debug: () => undefined,
      // Octokit notes every request here, with its path, status and duration.
      info: (message: string) => logger.debug(message),
      warn: (message: string) => logger.warn(message),
      error: (message: string) => logger.debug(message),
    },
  });
  // Before the others, so that they see an answer like any other.
  const remembered = rememberAnswers(octokit);
  if (config.credentials.kind === 'app') renewRefusedTokens(octokit);
  if (watch) watched(octokit, watch);
  const tryCall: GitHub['tryCall'] = async (what, schema, statuses, ask) => {
    let answer: Answer;
    try {
      answer = await ask();
    } catch (error) {
      const status = refusalStatus(error);
      // A limit has the status of a refusal, and is none of those that are answers.
      if (status !== undefined && statuses.includes(status) && !limitOf(error)) return { ok: false, status };
      throw translateError(error, what, config.fullName);
    }
    const parsed = schema.safeParse(answer.data);
    if (!parsed.success) {
      remembered.forget();
      throw unreadableAnswer(what, parsed.error);
    }
    return { ok: true, data: parsed.data };
  };
  return {
    rest: octokit.rest,
    owner: config.owner,
    repository: config.repository,
    fullName: config.fullName,
    at: { owner: config.owner, repo: config.repository },
    tryCall,
    call: async (what, schema, ask) => {
      const answer = await tryCall(what, schema, [], ask);
      if (!answer.ok) throw new Error(`unreachable: no status of ${what} was to be handed back`);
      return answer.data;
    },
  };
}

function authentication(credentials: GitHubSettings['credentials']) {
  if (credentials.kind === 'token') return { auth: credentials.token };
  const { appId, privateKey, installationId } = credentials;
  return { authStrategy: createAppAuth, auth: { appId, privateKey, installationId } };
}

/**
 * The App's strategy renews a token when its hour is over. One that GitHub refuses before that (revoked, the installation changed, a machine that slept)
 * is renewed here, once for each call.
 */
function renewRefusedTokens(octokit: Octokit): void {
  octokit.hook.wrap('request', async (request, options) => {
    try {
      return await request(options);
    } catch (error) {
      // Refused when it asked for a token: the key is wrong, and a second try would be refused too.
      if (refusalStatus(error) !== 401 || isAboutTheApp(error)) throw error;
      await octokit.auth({ type: 'installation', refresh: true });
      return request(options);
    }
  });
}
