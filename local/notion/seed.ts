/**
 * What a first start finds in the workspace: the four databases of the platform team (Backlog, Runbooks, Roadmap, Milestones) and a
 * handful of rows, written by people, so that the portal's own pages stand among others.
 */
import { readBlocks } from './blocks';
import {
  BACKLOG_DATA_SOURCE_ID,
  BACKLOG_DATABASE_ID,
  MILESTONES_DATA_SOURCE_ID,
  MILESTONES_DATABASE_ID,
  PEOPLE,
  ROADMAP_DATA_SOURCE_ID,
  ROADMAP_DATABASE_ID,
  RUNBOOKS_DATA_SOURCE_ID,
  RUNBOOKS_DATABASE_ID,
} from './ids';
import type { Database, Page, PropertySchema, State } from './model';
import { makeOption, propertyIdOf } from './properties';
import { Workspace } from './workspace';

const ERIN = PEOPLE[0].id;
const OWEN = PEOPLE[1].id;

type PlainType = 'title' | 'rich_text' | 'url' | 'date' | 'people';

const plain = (name: string, type: PlainType): PropertySchema => ({ type, id: propertyIdOf(name, type), name });
const number = (name: string): PropertySchema => ({
  type: 'number',
  id: propertyIdOf(name, 'number'),
  name,
  format: 'number',
});
const select = (name: string, options: string[]): PropertySchema => ({
  type: 'select',
  id: propertyIdOf(name, 'select'),
  name,
  options: options.map(makeOption),
});
const relation = (name: string, databaseId: string, dataSourceId: string): PropertySchema => ({
  type: 'relation',
  id: propertyIdOf(name, 'relation'),
  name,
  databaseId,
  dataSourceId,
});

const GROUP_OF: Record<string, string> = { Idea: 'To-do', Ready: 'To-do', Planned: 'To-do', Done: 'Complete' };
const status = (options: string[]): PropertySchema => ({
  type: 'status',
  id: propertyIdOf('Status', 'status'),
  name: 'Status',
  options: options.map((name, index) => ({ ...makeOption(name, index), group: GROUP_OF[name] ?? 'In progress' })),
});

type Cells = Record<string, unknown>;

const text = (content: string) => [{ text: { content } }];
const title = (content: string) => ({ title: text(content) });
const words = (content: string) => ({ rich_text: text(content) });
const chosen = (name: string) => ({ select: { name } });
const inStatus = (name: string) => ({ status: { name } });
const people = (id: string) => ({ people: [{ id }] });
const paragraph = (content: string) => ({ paragraph: { rich_text: text(content) } });

/** Makes the state of a workspace that nobody used yet. */
export function seedState(clock: () => Date): State {
  const workspace = new Workspace({ databases: [], pages: [], blocks: {} }, clock);
  const time = clock().toISOString();

  const add = (
    ids: { id: string; dataSourceId: string },
    name: string,
    description: string,
    properties: PropertySchema[],
  ): Database => {
    const database = { ...ids, title: name, description, createdTime: time, editedTime: time, properties };
    workspace.state.databases.push(database);
    return database;
  };
  const row = (database: Database, author: string, properties: Cells, blocks: unknown[] = []): Page => {
    const page = workspace.createPage(database, properties, readBlocks(blocks, 'body.children'));
    page.createdBy = author;
    page.editedBy = author;
    for (const block of workspace.childrenOf(page.id)) Object.assign(block, { createdBy: author, editedBy: author });
    return page;
  };

  const milestones = add(
    { id: MILESTONES_DATABASE_ID, dataSourceId: MILESTONES_DATA_SOURCE_ID },
    'Milestones',
    'Dates the platform team has promised.',
    [
      plain('Milestone', 'title'),
      plain('Target date', 'date'),
      plain('Owner', 'people'),
      status(['Planned', 'In Progress', 'Done']),
    ],
  );
  const roadmap = add(
    { id: ROADMAP_DATABASE_ID, dataSourceId: ROADMAP_DATA_SOURCE_ID },
    'Roadmap',
    'Goals by quarter.',
    [
      plain('Goal', 'title'),
      select('Quarter', ['2026 Q3', '2026 Q4', '2027 Q1']),
      status(['Planned', 'In Progress', 'Done']),
      relation('Milestones', MILESTONES_DATABASE_ID, MILESTONES_DATA_SOURCE_ID),
    ],
  );
  const backlog = add(
    { id: BACKLOG_DATABASE_ID, dataSourceId: BACKLOG_DATA_SOURCE_ID },
    'Backlog',
    'Issues of the platform team.',
    [
      plain('Title', 'title'),
      select('Type', ['Service', 'Feature', 'Bug', 'Chore']),
      select('Component', ['Edge', 'Data', 'Observability', 'AI', 'Realtime', 'Platform']),
      select('Priority', ['P1', 'P2', 'P3']),
      number('Estimate'),
      status(['Idea', 'Ready', 'In Progress', 'In Review', 'Blocked', 'Done']),
      plain('Assignee', 'people'),
      plain('Service', 'rich_text'),
      plain('PR', 'url'),
      plain('Commit', 'url'),
      plain('Dashboard', 'url'),
      plain('Runbook', 'url'),
      plain('Request', 'rich_text'),
    ],
  );
  const runbooks = add(
    { id: RUNBOOKS_DATABASE_ID, dataSourceId: RUNBOOKS_DATA_SOURCE_ID },
    'Runbooks',
    'One page for each alert or service: what to do when it is red.',
    [
      plain('Name', 'title'),
      plain('Service', 'rich_text'),
      plain('Alert', 'rich_text'),
      select('Severity', ['P1', 'P2', 'P3']),
      plain('Steps', 'rich_text'),
      plain('Dashboards', 'url'),
      plain('Ownership', 'rich_text'),
      plain('Issue', 'url'),
      plain('PR', 'url'),
      plain('Request', 'rich_text'),
    ],
  );

  const selfService = row(milestones, OWEN, {
    Milestone: title('Services by self-service'),
    'Target date': { date: { start: '2026-12-18' } },
    Owner: people(OWEN),
    Status: inStatus('In Progress'),
  });
  const mtls = row(milestones, OWEN, {
    Milestone: title('Every shared service behind mTLS'),
    'Target date': { date: { start: '2027-02-26' } },
    Owner: people(ERIN),
    Status: inStatus('Planned'),
  });
  row(roadmap, OWEN, {
    Goal: title('An engineer adds a service without asking anybody'),
    Quarter: chosen('2026 Q4'),
    Status: inStatus('In Progress'),
    Milestones: { relation: [{ id: selfService.id }] },
  });
  row(roadmap, OWEN, {
    Goal: title('Zero trust between all services'),
    Quarter: chosen('2027 Q1'),
    Status: inStatus('Planned'),
    Milestones: { relation: [{ id: mtls.id }] },
  });
  row(
    backlog,
    ERIN,
    {
      Title: title('LiteLLM returns 502 while models reload'),
      Type: chosen('Bug'),
      Component: chosen('AI'),
      Priority: chosen('P2'),
      Estimate: { number: 3 },
      Status: inStatus('In Progress'),
      Assignee: people(ERIN),
      Service: words('litellm'),
    },
    [paragraph('The health check answers before the models are there. Wait for /health/readiness instead.')],
  );
  row(backlog, OWEN, {
    Title: title('Rotate the Grafana service account tokens'),
    Type: chosen('Chore'),
    Component: chosen('Observability'),
    Priority: chosen('P3'),
    Estimate: { number: 1 },
    Status: inStatus('Ready'),
    Service: words('grafana'),
  });
  row(backlog, OWEN, {
    Title: title('Postgres needs a bigger volume before the year ends'),
    Type: chosen('Chore'),
    Component: chosen('Data'),
    Priority: chosen('P1'),
    Estimate: { number: 5 },
    Status: inStatus('Blocked'),
    Assignee: people(OWEN),
    Service: words('postgres'),
  });
  row(backlog, ERIN, {
    Title: title('Show who holds a port in the registry'),
    Type: chosen('Feature'),
    Component: chosen('Platform'),
    Priority: chosen('P3'),
    Status: inStatus('Idea'),
  });
  row(
    runbooks,
    OWEN,
    {
      Name: title('Traefik does not pick up a route'),
      Service: words('traefik'),
      Alert: words('TraefikConfigReloadFailed'),
      Severity: chosen('P2'),
      Steps: words('Read the log, find the broken router, restart.'),
      Ownership: words('Platform'),
    },
    [
      { heading_2: { rich_text: text('Playbook') } },
      { numbered_list_item: { rich_text: text('Read the log of the proxy for the name of the router.') } },
      { numbered_list_item: { rich_text: text('Mend or remove it, then restart Traefik.') } },
      { code: { rich_text: text('docker compose -f docker-compose-traefik.yml restart traefik'), language: 'shell' } },
    ],
  );
  row(runbooks, OWEN, {
    Name: title('Postgres is out of connections'),
    Service: words('postgres'),
    Alert: words('PostgresConnectionsHigh'),
    Severity: chosen('P1'),
    Steps: words('Find the client that leaks, end its sessions, raise the pool only as a last resort.'),
    Ownership: words('Data'),
  });
  // The ones that the portal writes to come first on the front page.
  workspace.state.databases = [backlog, runbooks, roadmap, milestones];
  return workspace.state;
}
