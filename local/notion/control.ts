/**
 * The doors under /_slipway/ through which tests steer the stand-in (see faults.ts). They take JSON with its content type, which a
 * web page of another origin cannot send without being asked for permission that it does not get.
 *
 *   POST /_slipway/faults {method, path, times?, after?, action}    GET lists, DELETE clears everything
 *   POST /_slipway/down {"down": true}                              503 for everything under /v1
 *   POST /_slipway/rate-limit {"requests": 3, "seconds": 1} or null
 *   POST /_slipway/edits {page, person, properties?, children?}     what a person edits by hand
 *   GET  /_slipway/requests                                         what was received under /v1, DELETE forgets it
 */
import { z } from 'zod';

import { readBlocks } from './blocks';
import { Fault, type Faults, RateLimit } from './faults';
import type { Workspace } from './workspace';

const Edit = z
  .object({
    page: z.uuid(),
    person: z.uuid(),
    properties: z.record(z.string(), z.unknown()).optional(),
    children: z.array(z.unknown()).optional(),
  })
  .strict();

export interface ControlAnswer {
  status: number;
  body: unknown;
  /** Whether the workspace was changed and must be saved. */
  changed?: boolean;
}

/**
 * Answers a request under /_slipway/.
 * @param body the parsed JSON body, undefined when there was none.
 * @throws {z.ZodError} for a body of another shape, {NotionError} for an edit that Notion would refuse.
 */
export function answerControl(
  door: string,
  method: string,
  body: unknown,
  target: { faults: Faults; workspace: Workspace },
): ControlAnswer {
  const { faults, workspace } = target;
  switch (`${method} ${door}`) {
    case 'POST faults':
      faults.add(Fault.parse(body));
      return { status: 201, body: faults.list() };
    case 'GET faults':
      return { status: 200, body: faults.list() };
    case 'DELETE faults':
      faults.clear();
      return { status: 200, body: [] };
    case 'POST down':
      faults.down = z.object({ down: z.boolean() }).strict().parse(body).down;
      return { status: 200, body: { down: faults.down } };
    case 'POST rate-limit':
      faults.rateLimit = RateLimit.nullable().parse(body) ?? undefined;
      return { status: 200, body: faults.rateLimit ?? null };
    case 'POST edits': {
      const edit = Edit.parse(body);
      workspace.editAs(edit.person, workspace.page(edit.page), {
        properties: edit.properties,
        ...(edit.children === undefined ? {} : { blocks: readBlocks(edit.children, 'body.children') }),
      });
      return { status: 200, body: { page: edit.page }, changed: true };
    }
    case 'GET requests':
      return { status: 200, body: faults.received };
    case 'DELETE requests':
      faults.received.length = 0;
      return { status: 200, body: [] };
    default:
      return { status: 404, body: { error: `There is no ${method} /_slipway/${door}.` } };
  }
}
