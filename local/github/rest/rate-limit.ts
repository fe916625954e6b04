/**
 * GitHub's limits: so many requests an hour for each token, and so many requests a minute that create content. Both can be set
 * low from outside, so that what happens at the end of them can be seen.
 */
import { ApiError } from '../api-error';

export interface RateLimitSettings {
  /** Requests in a window, for each token. */
  limit: number;
  windowSeconds: number;
  /** Requests without a token have a window of their own. */
  anonymousLimit: number;
  /** Writing requests a minute before the secondary limit refuses; undefined for none. */
  contentPerMinute: number | undefined;
  /** What Retry-After then says. */
  retryAfterSeconds: number;
  secondaryStatus: 403 | 429;
}

export const DEFAULT_LIMITS: RateLimitSettings = {
  limit: 5000,
  windowSeconds: 3600,
  anonymousLimit: 60,
  contentPerMinute: undefined,
  retryAfterSeconds: 60,
  secondaryStatus: 403,
};

interface Window {
  used: number;
  /** Seconds since 1970. */
  reset: number;
}

export class RateLimiter {
  settings: RateLimitSettings = { ...DEFAULT_LIMITS };
  private windows = new Map<string, Window>();
  private writes = new Map<string, number[]>();

  constructor(private readonly now: () => Date) {}

  private seconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }

  private window(key: string): Window {
    const found = this.windows.get(key);
    if (found !== undefined && found.reset > this.seconds()) return found;
    const fresh = { used: 0, reset: this.seconds() + this.settings.windowSeconds };
    this.windows.set(key, fresh);
    return fresh;
  }

  private limitOf(key: string): number {
    return key === '' ? this.settings.anonymousLimit : this.settings.limit;
  }

  /** Changes the settings; all windows begin anew. */
  configure(settings: Partial<RateLimitSettings>): void {
    this.settings = { ...this.settings, ...settings };
    this.windows = new Map();
    this.writes = new Map();
  }

  /** What a token (the empty key: no token) has left. */
  status(key: string): { limit: number; used: number; remaining: number; reset: number } {
    const { used, reset } = this.window(key);
    const limit = this.limitOf(key);
    return { limit, used: Math.min(used, limit), remaining: Math.max(0, limit - used), reset };
  }

  headers(key: string): Record<string, string> {
    const { limit, used, remaining, reset } = this.status(key);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': 'core',
    };
  }

  /** Counts a request. @throws {ApiError} 403 where the window is used up. */
  take(key: string, who: string): void {
    const window = this.window(key);
    if (window.used >= this.limitOf(key)) throw new ApiError(403, `API rate limit exceeded for ${who}.`);
    window.used += 1;
  }

  /** Gives a request back: what was not modified costs nothing. */
  refund(key: string): void {
    this.window(key).used -= 1;
  }

  /** Counts a request that creates content. @throws {ApiError} with Retry-After beyond the limit. */
  takeWrite(key: string): void {
    const { contentPerMinute, retryAfterSeconds, secondaryStatus } = this.settings;
    if (contentPerMinute === undefined) return;
    const since = this.now().getTime() - 60_000;
    const recent = (this.writes.get(key) ?? []).filter((time) => time > since);
    if (recent.length >= contentPerMinute) {
      const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
      throw new ApiError(secondaryStatus, message, undefined, { 'retry-after': String(retryAfterSeconds) });
    }
    this.writes.set(key, [...recent, this.now().getTime()]);
  }
}
