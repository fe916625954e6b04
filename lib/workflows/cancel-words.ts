/** What Slipway says on a pull request that it closes. */
import type { ChangeRequest } from '@/lib/generated/prisma/client';
import { requestUrl } from './request-row';

export function cancelWords({ id, cancelAskedBy }: Pick<ChangeRequest, 'id' | 'cancelAskedBy'>): string {
  const who = cancelAskedBy ? ` by ${cancelAskedBy}` : '';
  return `Cancelled${who}: ${requestUrl(id)}`;
}
