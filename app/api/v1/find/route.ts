/** What the command palette asks: services and requests that have the words, newest requests first. */
import { z } from 'zod';
import { formatPorts } from '@/components/services/port-text';
import type { Found } from '@/components/shell/find';
import { route } from '@/lib/http/route';
import { listRequests } from '@/lib/requests/queries';
import { stateLabel } from '@/lib/requests/states';
import { listServices } from '@/lib/services/queries';

const shown = 8;

export const GET = route(
  { permission: 'services.read', query: z.object({ q: z.string().trim().max(100).default('') }) },
  async ({ query }): Promise<Found> => {
    const [catalog, page] = await Promise.all([
      listServices(query.q ? { search: query.q } : {}),
      listRequests({ limit: 200 }),
    ]);
    const words = query.q.toLowerCase().split(/\s+/).filter(Boolean);
    const requests = page.requests.filter((request) => {
      const text = `request ${request.id} ${request.title} ${request.state} ${request.requester.name}`.toLowerCase();
      return words.every((word) => text.includes(word) || request.ports.some((port) => port.includes(word)));
    });
    // A name that begins with what was typed is most likely meant.
    const begins = (name: string) => Number(!name.startsWith(words[0] ?? ''));
    const services = [...catalog.services].sort((a, b) => begins(a.name) - begins(b.name));
    return {
      services: services.slice(0, shown).map((service) => ({
        name: service.name,
        owner: service.owner,
        pending: service.state === 'pending',
        ports: formatPorts(service.ports),
      })),
      requests: requests.slice(0, shown).map(({ id, title, state, action, supersededBy, givenBack, createdAt }) => ({
        id,
        title,
        stateLabel: stateLabel({ state, action, supersededBy, givenBack }),
        createdAt,
      })),
    };
  },
);
