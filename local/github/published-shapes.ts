/** GitHub's published shapes as validators, for tests: every answer of the stand-in must pass the one that belongs to it. */
import { readFileSync } from 'node:fs';

import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

const ID = 'github';
const ajv = new Ajv({ strict: false, allErrors: false });
addFormats(ajv);
ajv.addSchema(JSON.parse(readFileSync(new URL('./schemas/subset.json', import.meta.url), 'utf8')) as object, ID);

const compiled = new Map<string, ValidateFunction>();

function validator(pointer: string): ValidateFunction {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `${ID}#/${pointer}` });
  compiled.set(pointer, validate);
  return validate;
}

/** The components for operations that the published subset lists only by their parts. */
const COMPONENTS: Record<string, string> = {
  'GET /repos/{owner}/{repo}/git/matching-refs/{ref}': 'git-ref[]',
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': 'git-tree',
  'GET /repos/{owner}/{repo}/git/commits/{commit_sha}': 'git-commit',
  'GET /repos/{owner}/{repo}/commits': 'commit[]',
  'GET /repos/{owner}/{repo}/commits/{ref}': 'commit',
  'GET /repos/{owner}/{repo}/compare/{basehead}': 'comparison',
  'PUT /repos/{owner}/{repo}/contents/{path}': 'file-commit',
  'DELETE /repos/{owner}/{repo}/contents/{path}': 'file-commit',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}': 'pull-request',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': 'diff-entry[]',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits': 'commit[]',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers': 'pull-request-simple',
  'DELETE /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers': 'pull-request-simple',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': 'issue-comment[]',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}': 'issue-comment',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': 'issue-comment',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/labels': 'label[]',
  'PUT /repos/{owner}/{repo}/issues/{issue_number}/labels': 'label[]',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}': 'label[]',
  'GET /repos/{owner}/{repo}/labels': 'label[]',
  'GET /repos/{owner}/{repo}/labels/{name}': 'label',
  'POST /repos/{owner}/{repo}/labels': 'label',
  'POST /repos/{owner}/{repo}/check-runs': 'check-run',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}': 'check-run',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': 'check-run',
};

function check(pointer: string, value: unknown): string[] {
  const validate = validator(pointer);
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, 5).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The problems of a value against a component's schema (`name[]` for a list of them); none when it fits. */
export function problemsAgainst(component: string, value: unknown): string[] {
  if (component === 'comparison') {
    if (!isRecord(value)) return ['is no object'];
    const commits = [value.base_commit, value.merge_base_commit].flatMap((commit) => problemsAgainst('commit', commit));
    return [...commits, ...problemsAgainst('commit[]', value.commits), ...problemsAgainst('diff-entry[]', value.files)];
  }
  if (component.endsWith('[]')) {
    if (!Array.isArray(value)) return ['is no list'];
    return value.flatMap((item) => problemsAgainst(component.slice(0, -2), item));
  }
  return check(`components/schemas/${component}`, value);
}

const operations = Object.keys(
  (JSON.parse(readFileSync(new URL('./schemas/subset.json', import.meta.url), 'utf8')) as { ops: object }).ops,
);

/** The problems of an answer to an operation, for example `GET /repos/{owner}/{repo}`. Undefined where no shape is published. */
export function problemsOfAnswer(operation: string, status: number, body: unknown): string[] | undefined {
  if (status >= 400) {
    if (!isRecord(body) || typeof body.message !== 'string') return ['a refusal without a message'];
    return problemsAgainst('basic-error', body);
  }
  const component = COMPONENTS[operation];
  if (component !== undefined) return problemsAgainst(component, body);
  const key = `${operation} ${status}`;
  if (!operations.includes(key)) return undefined;
  return check(`ops/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`, body);
}
