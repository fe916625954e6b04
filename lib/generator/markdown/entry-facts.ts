/** What an index, a catalog or a README may say of a service in one line. */
import type { Tree } from '../types';

export interface EntryFacts {
  name: string;
  title: string;
  /** Where the service has a page; with its number, and what it is called by it (`RUNBOOK-035`), where the house numbers its pages. */
  runbook?: { path: string; numbered?: { id: string; number: number } };
  /** Pages of services of the same category. */
  relatives: readonly string[];
  purpose: string;
  category: string;
  /** The category's name for people. */
  categoryTitle?: string;
  lifecycle: string;
  owner: string;
  date: string;
  dependsOn: readonly string[];
  stack?: string;
  container?: string;
  host?: string;
  /** Published ports, `8203` or `7881-7884`. */
  ports: readonly string[];
  /** The file that runs it: its Compose file, else its chart. */
  file?: string;
}

/** The file that gets the line. */
export interface EntryContext {
  text: string;
  path: string;
  tree: Pick<Tree, 'paths'>;
}
