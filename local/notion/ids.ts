/**
 * The identifiers of the four databases that a first start of the Notion stand-in makes. They never change, so that the portal can
 * be configured before anything runs. Each database has one data source, as API 2025-09-03 calls the table inside it.
 */

export const BACKLOG_DATABASE_ID = '5117a000-0000-4000-8000-00000000b001';
export const BACKLOG_DATA_SOURCE_ID = '5117a000-0000-4000-8000-00000000b0d5';
export const RUNBOOKS_DATABASE_ID = '5117a000-0000-4000-8000-00000000c001';
export const RUNBOOKS_DATA_SOURCE_ID = '5117a000-0000-4000-8000-00000000c0d5';
export const ROADMAP_DATABASE_ID = '5117a000-0000-4000-8000-00000000d001';
export const ROADMAP_DATA_SOURCE_ID = '5117a000-0000-4000-8000-00000000d0d5';
export const MILESTONES_DATABASE_ID = '5117a000-0000-4000-8000-00000000e001';
export const MILESTONES_DATA_SOURCE_ID = '5117a000-0000-4000-8000-00000000e0d5';

/** The integration ("bot") in whose name every token holder writes. */
export const BOT_USER_ID = '5117a000-0000-4000-8000-0000000000b0';
export const WORKSPACE_ID = '5117a000-0000-4000-8000-0000000000aa';

/** The people of the workspace: those of the local identity provider who work in it. */
export const PEOPLE = [
  { id: '5117a000-0000-4000-8000-000000000002', name: 'Erin Engineer', email: 'engineer@ravenhelm.test' },
  { id: '5117a000-0000-4000-8000-000000000003', name: 'Owen Operator', email: 'operator@ravenhelm.test' },
] as const;
