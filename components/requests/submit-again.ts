/** Where somebody asks anew for what a request came to nothing with. Pure. */
import { wizardHref } from '@/components/wizard/wizard-href';
import type { RequestDetails } from '@/lib/requests/views';

/**
 * @param actor who looks, and whether they may submit requests.
 * @returns undefined where there is nothing to ask for anew: the request is not at an end without a merge, its draft is somebody else's or gone, or what it was to change or remove is in main no more.
 */
export function submitAgain(
  request: Pick<RequestDetails, 'state' | 'action' | 'serviceName' | 'draftId' | 'requester' | 'serviceIsLive'>,
  actor: { id: string; maySubmit: boolean },
): { label: string; href: string } | undefined {
  if (!actor.maySubmit || (request.state !== 'closed' && request.state !== 'cancelled')) return undefined;
  const { action, serviceName } = request;
  // A draft is open to its owner.
  const id = request.requester.id === actor.id ? request.draftId : undefined;
  if (action === 'add')
    return id === undefined ? undefined : { label: 'Submit again', href: wizardHref('review', { id }) };
  if (!request.serviceIsLive) return undefined;
  // A removal has no draft: it is planned on main as it is now.
  if (action === 'remove')
    return { label: 'Remove again', href: `/services/${encodeURIComponent(serviceName)}/remove` };
  return id === undefined
    ? { label: 'Change again', href: wizardHref('basics', { changes: serviceName }) }
    : { label: 'Submit again', href: wizardHref('review', { id, changes: serviceName }) };
}
