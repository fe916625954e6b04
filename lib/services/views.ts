/** What pages and the API are told of services: plain values that survive JSON. Types only. */
import type { RequestAction, RequestState } from '@/lib/requests/states';
import type { Manifest } from './manifest';

/** `live`: its block is in the repository's main. `pending`: an open request promises it. */
export type ServiceState = 'live' | 'pending';

export interface ServicePort {
  name: string | undefined;
  protocol: 'tcp' | 'udp';
  from: number;
  to: number;
}

/** One row of the catalog. */
export interface ServiceSummary {
  name: string;
  displayName: string | undefined;
  purpose: string | undefined;
  state: ServiceState;
  category: string | undefined;
  owner: string | undefined;
  lifecycle: string | undefined;
  stack: string | undefined;
  host: string | undefined;
  ports: ServicePort[];
  /** The request that added it, or changed it last. */
  request: { id: number; state: RequestState } | undefined;
  /** The request that is under way for it; one at a time. */
  underWay: { id: number; title: string; action: RequestAction } | undefined;
  updatedAt: string;
}

export interface CatalogFacet {
  value: string;
  count: number;
}

export interface Catalog {
  services: ServiceSummary[];
  /** Of all services, not only of those found. */
  total: number;
  facets: Record<'state' | 'category' | 'owner' | 'stack' | 'lifecycle', CatalogFacet[]>;
}

/** What the service page shows. */
export interface ServiceDetails extends ServiceSummary {
  manifest: Manifest | undefined;
  /** Where main has it. */
  places: { path: string; line: number | undefined }[];
  /** Commit of main in which it was last found. */
  seenSha: string | undefined;
  runbookPath: string | undefined;
  links: {
    pull: string | undefined;
    issue: string | undefined;
    runbookPage: string | undefined;
  };
  requests: {
    id: number;
    title: string;
    action: RequestAction;
    state: RequestState;
    /** The change or removal that took its place in main. */
    supersededBy: number | undefined;
    /** Somebody took the service out of main by hand, and what it held was given back. */
    givenBack: boolean;
    createdAt: string;
  }[];
  /** The request of Slipway's that says how it stands in main: what a change or a removal leads away from. Undefined where Slipway did not add it. */
  liveRequest: number | undefined;
}
