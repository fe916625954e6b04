/** Check runs and commit statuses. */
import { z } from 'zod';

import { notFound } from '../api-error';
import { createCheck, createStatus, updateCheck, type CheckInput } from '../operations/checks';
import { latestChecks, presentCheck, presentCombinedStatus, presentStatus } from '../present/check';
import { CHECK_CONCLUSIONS, CHECK_STATUSES, COMMIT_STATUSES } from '../state';
import {
  created,
  numberParam,
  ok,
  paged,
  param,
  parseBody,
  requireCommitId,
  slicePage,
  type ApiCall,
  type Reply,
  type Route,
} from './api-call';

const Moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
const Change = z.object({
  name: z.string().optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  status: z.enum(CHECK_STATUSES).optional(),
  conclusion: z.enum(CHECK_CONCLUSIONS).optional(),
  started_at: Moment.optional(),
  completed_at: Moment.optional(),
  output: z
    .object({ title: z.string().optional(), summary: z.string().optional(), text: z.string().optional() })
    .optional(),
});
const NewCheck = Change.extend({ name: z.string(), head_sha: z.string() });
const NewStatus = z.object({
  state: z.enum(COMMIT_STATUSES),
  context: z.string().default('default'),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});

function checkInput(change: z.infer<typeof Change>): CheckInput {
  const { external_id, details_url, started_at, completed_at, output, ...rest } = change;
  const fields = {
    ...rest,
    externalId: external_id,
    detailsUrl: details_url,
    startedAt: started_at,
    completedAt: completed_at,
  };
  const withOutput = output === undefined ? fields : { ...fields, output: defined(output) };
  return defined(withOutput);
}

/** The same without what is undefined, so that it can be assigned over what is there. */
function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

async function postCheck(call: ApiCall): Promise<Reply> {
  const { head_sha, name, ...change } = parseBody(NewCheck, call.body);
  const sha = await requireCommitId(call.hub, head_sha);
  return created(presentCheck(call.hub, createCheck(call.hub, call.actor, sha, name, checkInput(change))));
}

function checkOf(call: ApiCall) {
  const id = numberParam(call, 'id');
  const check = call.hub.state.checks.find((candidate) => candidate.id === id);
  if (check === undefined) throw notFound();
  return check;
}

function patchCheck(call: ApiCall): Reply {
  const check = checkOf(call);
  updateCheck(call.hub, call.actor, check, checkInput(parseBody(Change, call.body)));
  return ok(presentCheck(call.hub, check));
}

async function listChecks(call: ApiCall): Promise<Reply> {
  const { hub, query } = call;
  const sha = await requireCommitId(hub, param(call, 'ref'));
  const all =
    query.get('filter') === 'all' ? hub.state.checks.filter((check) => check.headSha === sha) : latestChecks(hub, sha);
  const found = all
    .filter((check) => !query.has('check_name') || check.name === query.get('check_name'))
    .filter((check) => !query.has('status') || check.status === query.get('status'));
  const part = slicePage(call, found);
  const body = { total_count: found.length, check_runs: part.items.map((check) => presentCheck(hub, check)) };
  return { status: 200, body, headers: part.headers };
}

async function postStatus(call: ApiCall): Promise<Reply> {
  const input = parseBody(NewStatus, call.body);
  const sha = await requireCommitId(call.hub, param(call, 'sha'));
  const status = await createStatus(call.hub, call.actor, {
    sha,
    state: input.state,
    context: input.context,
    description: input.description ?? null,
    targetUrl: input.target_url ?? null,
  });
  return created(presentStatus(call.hub, status));
}

async function listStatuses(call: ApiCall): Promise<Reply> {
  const sha = await requireCommitId(call.hub, param(call, 'ref'));
  const statuses = call.hub.state.statuses.filter((status) => status.sha === sha).reverse();
  return paged(call, statuses, (status) => presentStatus(call.hub, status));
}

export const checkRoutes: Route[] = [
  { method: 'POST', path: '/check-runs', access: 'push', handle: postCheck },
  {
    method: 'GET',
    path: '/check-runs/:id',
    access: 'read',
    handle: (call) => ok(presentCheck(call.hub, checkOf(call))),
  },
  { method: 'PATCH', path: '/check-runs/:id', access: 'push', handle: patchCheck },
  { method: 'GET', path: '/commits/*ref/check-runs', access: 'read', handle: listChecks },
  { method: 'POST', path: '/statuses/:sha', access: 'push', handle: postStatus },
  { method: 'GET', path: '/commits/*ref/statuses', access: 'read', handle: listStatuses },
  {
    method: 'GET',
    path: '/commits/*ref/status',
    access: 'read',
    async handle(call) {
      return ok(presentCombinedStatus(call.hub, await requireCommitId(call.hub, param(call, 'ref'))));
    },
  },
];
