/** Who has a service's name: the wizard and submit ask here, so that they say the same. */
import type { Database } from '@/lib/db';
import { observeServices } from '@/lib/generator/observe/services';
import { findLiveRequest } from '@/lib/requests/live';
import { openStates, type RequestAction } from '@/lib/requests/states';
import { isInMain } from './main-shows';
import type { Repository } from './read-repository';

export interface NameHolder {
  /** For people: who it is, and what to do. */
  message: string;
  owner: { label: string; href: string };
}

/**
 * Who stands in the way of a request for this name. One request of a service is under way at a time, and a service that is live is not added again; the
 * indexes `change_requests_one_open_per_service` and `change_requests_one_live_per_service` are the truth.
 * @returns undefined where the name is free; or, of a change or a removal, where nothing else is under way.
 */
export async function findNameHolder(
  database: Database,
  repository: Repository,
  name: string,
  action: RequestAction,
): Promise<NameHolder | undefined> {
  const open = await database.changeRequest.findFirst({
    where: { repository: repository.fullName, serviceName: name, state: { in: [...openStates] } },
    select: { id: true, requester: { select: { name: true } } },
  });
  if (open) {
    const who = `equest ${open.id} of ${open.requester.name}`;
    return {
      message:
        action === 'add'
          ? `The name ${name} is taken by r${who}. Choose another name, or follow that request.`
          : `R${who} is under way for ${name}. Follow that one, or wait until it is live or cancelled.`,
      owner: { label: `${name}, request ${open.id}`, href: `/requests/${open.id}` },
    };
  }
  return action === 'add' ? findHolderInMain(database, repository, name) : undefined;
}

async function findHolderInMain(
  database: Database,
  repository: Repository,
  name: string,
): Promise<NameHolder | undefined> {
  const live = await findLiveRequest(database, repository.fullName, name);
  const href = `/services/${encodeURIComponent(name)}`;
  if (live && !(await isInMain(repository, live, database)))
    return {
      message: `${repository.branch} no longer has ${name}, but its name, hosts and ports are kept for request ${live.id}. Give them back first, or choose another name.`,
      owner: { label: `what is kept for ${name}`, href: `${href}/remove` },
    };
  const seen = observeServices(repository.tree, repository.profile).some((service) => service.name === name);
  if (!live && !seen) return undefined;
  return {
    message: `There is a service ${name} already. Choose another name${live ? ', or change that service' : ''}.`,
    owner: { label: name, href },
  };
}
