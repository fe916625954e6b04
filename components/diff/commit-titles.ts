/** What a commit of the pull request does, in two words, above its files. */
import type { CommitKey } from '@/lib/generator/types';
import type { RequestAction } from '@/lib/requests/states';

export const commitTitles: Record<RequestAction, Record<CommitKey, string>> = {
  add: {
    ports: 'Reserve ports',
    runtime: 'Run it',
    routing: 'Route it',
    observability: 'Watch it',
    delivery: 'Deliver it',
    docs: 'Write it down',
  },
  change: {
    ports: 'Move its ports',
    runtime: 'Run it differently',
    routing: 'Route it differently',
    observability: 'Watch it differently',
    delivery: 'Deliver it differently',
    docs: 'Write it down',
  },
  remove: {
    ports: 'Give its ports back',
    runtime: 'Stop running it',
    routing: 'Stop routing it',
    observability: 'Stop watching it',
    delivery: 'Stop delivering it',
    docs: 'Take its pages out',
  },
};
