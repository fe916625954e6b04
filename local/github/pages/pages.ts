/** Leads a browser's request to its page. Forms are taken only from our own pages. */
import type { IncomingMessage } from 'node:http';

import { ApiError, notFound } from '../api-error';
import type { Hub } from '../hub';
import { forkPoint } from '../operations/mergeability';
import { requireIssue } from '../operations/issues';
import { requirePull } from '../operations/pulls';
import { changesBetween } from '../present/commit';
import { diffText } from '../present/diff-text';
import { actOnPull, refusalWords } from './act-on-pull';
import { blobPage, commitPage, findPlace, issuePage, rawFile, treePage } from './file-pages';
import { redirect, refusalPage, type PageAnswer } from './frame';
import { homePage } from './home-page';
import { pullPage } from './pull-page';

export class Pages {
  constructor(private readonly hub: Hub) {}

  /** Answers with a page; refusals are pages too. */
  async answer(request: IncomingMessage, method: string, url: URL, body: string): Promise<PageAnswer> {
    const home = `/${this.hub.fullName}`;
    let path: string;
    try {
      path = decodeURIComponent(url.pathname);
    } catch {
      return refusalPage(this.hub, 400, 'This address cannot be read.', home);
    }
    if (path === '/') return redirect(home);
    const inside = path === home || path.startsWith(`${home}/`) ? path.slice(home.length) : undefined;
    try {
      if (inside === undefined) throw notFound();
      if (method === 'POST') return await this.post(request, inside, body);
      if (method !== 'GET') throw new ApiError(405, 'Pages can be read, and their forms sent.');
      return await this.get(inside);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const back = /^\/pull\/\d+/.exec(inside ?? '')?.[0] ?? '';
      const words = error.status === 404 ? 'There is no such page here.' : refusalWords(error);
      return refusalPage(this.hub, error.status, words, error.status === 404 ? home : home + back);
    }
  }

  private async get(path: string): Promise<PageAnswer> {
    const { hub } = this;
    if (path === '' || path === '/' || path === '/pulls') return homePage(hub);
    const pull = /^\/pull\/(\d+)(\/files|\/commits|\.diff)?$/.exec(path);
    if (pull !== null) {
      const request = requirePull(hub, Number(pull[1]));
      if (pull[2] !== '.diff') return pullPage(hub, request);
      const files = await changesBetween(hub, await forkPoint(hub, request), request.pull.headSha);
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
      return { status: 200, headers, content: await diffText(hub, files) };
    }
    const issue = /^\/issues\/(\d+)$/.exec(path);
    if (issue !== null) {
      const found = requireIssue(hub, Number(issue[1]));
      return found.pull === null ? issuePage(hub, found) : redirect(`/${hub.fullName}/pull/${found.number}`);
    }
    const commit = /^\/commit\/([0-9a-f]{40})$/.exec(path)?.[1];
    if (commit !== undefined && (await hub.objects.type(commit)) === 'commit') return commitPage(hub, commit);
    const file = /^\/(tree|blob|raw)\/(.+)$/.exec(path);
    const place = file === null ? undefined : await findPlace(hub, file[2] ?? '');
    if (place === undefined) throw notFound();
    if (place.entry.type === 'tree') return treePage(hub, place);
    return file?.[1] === 'raw' ? rawFile(hub, place) : blobPage(hub, place);
  }

  private async post(request: IncomingMessage, path: string, body: string): Promise<PageAnswer> {
    const { hub } = this;
    const number = /^\/pull\/(\d+)\/actions$/.exec(path)?.[1];
    if (number === undefined) throw notFound();
    // Browsers send Origin with every form: another site's form, or a program's request without one, is refused.
    const { origin, host } = request.headers;
    if (origin === undefined || (origin !== `http://${host ?? ''}` && origin !== new URL(hub.baseUrl).origin)) {
      throw new ApiError(403, 'This form did not come from this page. Open the pull request here and try again');
    }
    const pull = requirePull(hub, Number(number));
    await hub.exclusive(() => actOnPull(hub, pull, new URLSearchParams(body)));
    return redirect(`/${hub.fullName}/pull/${number}`);
  }
}
