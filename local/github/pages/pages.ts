/** Leads a browser's request to its page. */
import type { IncomingMessage } from 'node:http';

import type { Hub } from '../hub';
import { refusalPage, redirect, type PageAnswer } from './frame';
import { homePage } from './home-page';

export class Pages {
  constructor(private readonly hub: Hub) {}

  async answer(_request: IncomingMessage, method: string, url: URL, _body: string): Promise<PageAnswer> {
    const home = `/${this.hub.fullName}`;
    if (url.pathname === '/') return redirect(home);
    if (method === 'GET' && url.pathname === home) return homePage(this.hub);
    return refusalPage(this.hub, 404, 'There is no such page here.', home);
  }
}
