/** Does what a person asked for on a pull request's page, by the same rules and with the same events as the REST API. */
import { permits } from '../accounts';
import { ApiError } from '../api-error';
import type { Hub, Pull } from '../hub';
import { addComment } from '../operations/issues';
import { mergePull } from '../operations/merge-pull';
import { updatePull } from '../operations/pulls';
import { submitReview } from '../operations/reviews';

/**
 * Carries out the form's action. What was written is kept as a comment beside a merge or a close.
 * @throws {ApiError} as the API would refuse it; then nothing was changed.
 */
export async function actOnPull(hub: Hub, request: Pull, form: URLSearchParams): Promise<void> {
  const actor = hub.accounts.byLogin(form.get('actor') ?? '');
  if (actor === undefined || !permits(actor.permission, 'push'))
    throw new ApiError(403, 'This person may not act here.');
  const text = (form.get('text') ?? '').replaceAll('\r\n', '\n').trim();
  const sha = form.get('sha') ?? undefined;
  switch (form.get('action')) {
    case 'comment':
      if (text === '') throw new ApiError(422, 'Write something first: an empty comment says nothing.');
      addComment(hub, actor, request, text);
      return;
    case 'approve':
    case 'request-changes': {
      if (request.state !== 'open') throw new ApiError(422, 'This pull request is no longer open.');
      const event = form.get('action') === 'approve' ? 'APPROVE' : 'REQUEST_CHANGES';
      await submitReview(hub, actor, request, { event, body: text });
      return;
    }
    case 'merge':
    case 'squash':
      await mergePull(hub, actor, request, { method: form.get('action') === 'squash' ? 'squash' : 'merge', sha });
      break;
    case 'close':
      await updatePull(hub, actor, request, { state: 'closed' });
      break;
    case 'reopen':
      await updatePull(hub, actor, request, { state: 'open' });
      break;
    default:
      throw new ApiError(422, 'There is no such action.');
  }
  if (text !== '') addComment(hub, actor, request, text);
}

/** A refusal in words for people. */
export function refusalWords(error: ApiError): string {
  const details = (error.errors ?? []).map((detail) =>
    typeof detail === 'string' ? detail : (detail.message ?? detail.code),
  );
  return [error.message, ...details].join('. ');
}
