/** Where the wizard's steps are: a service that is added and one that is changed go through the same ones under addresses of their own. Pure. */

/** @param draft its id, where the server may have it, and the live service that it changes. */
export function wizardHref(step: string, draft: { id?: string | undefined; changes?: string | undefined }): string {
  const base = draft.changes === undefined ? '/services/new' : `/services/${encodeURIComponent(draft.changes)}/change`;
  return `${base}/${step}${draft.id === undefined ? '' : `?draft=${draft.id}`}`;
}

/** `Ports, new service` or `Ports, change livekit`: the page's title without the portal's name. */
export function wizardTitle(step: string, changes: string | undefined): string {
  return `${step}, ${changes === undefined ? 'new service' : `change ${changes}`}`;
}
