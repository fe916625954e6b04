/** Guesses about secrets and AWS: LocalStack's init script and its address, the prefix of secrets' names, folders of policies and templates. */
import { readInitScript, type StoredCall } from '../emitters/localstack/init-script';
import { listComposeFiles } from '../observe/compose-files';
import { Profile } from '../profile';
import type { Tree } from '../types';
import { baseName, folderOf, isInUse, known, mostCommon, type Guesses } from './guess';

/** A script that talks to AWS itself is nobody's to guess about: only one that says it means LocalStack counts. */
const LOCALSTACK = /\bawslocal\b|localstack|:4566\b/i;
/** How services are told where AWS is. */
const ENDPOINT =
  /\b(?:AWS_ENDPOINT(?:_URL)?|LOCALSTACK_(?:ENDPOINT(?:_URL)?|URL))["']?\s*[=:]\s*["']?(https?:\/\/[\w.-]+(?::\d+)?)/g;

interface Candidate {
  path: string;
  calls: StoredCall[];
}

/** The init script with the most secrets, and what its names begin with. */
export function detectSecrets(tree: Tree, guesses: Guesses): { secrets?: Record<string, unknown>; prefix?: string } {
  const scripts = tree.paths.flatMap((path): Candidate[] => {
    const text = /\.sh$/i.test(path) && isInUse(path) ? tree.read(path) : undefined;
    if (text === undefined || !LOCALSTACK.test(text)) return [];
    const read = readInitScript(path, text);
    const calls = read.ok ? read.script.calls.filter((call) => call.kind === 'secret') : [];
    return calls.length > 0 ? [{ path, calls }] : [];
  });
  const [script] = scripts.sort((a, b) => b.calls.length - a.calls.length || (a.path < b.path ? -1 : 1));
  if (!script) return {};
  const names = script.calls.flatMap((call) => call.name ?? []);
  guesses.note('secrets.localstackInit', script.path, `it creates ${script.calls.length} secrets`, script.path);
  const prefix = mostCommon(
    names.flatMap((name) => (name.indexOf('/', 1) === -1 ? [] : [name.slice(0, name.indexOf('/', 1) + 1)])),
  );
  const common = prefix && prefix.count * 2 > names.length ? prefix : undefined;
  guesses.note(
    'naming.secretPrefix',
    common?.value,
    `${common?.count ?? 0} of ${names.length} secrets begin so`,
    script.path,
  );
  const endpoint = detectEndpoint(tree, guesses);
  return {
    secrets: { localstackInit: script.path, ...(endpoint === undefined ? {} : { endpoint }) },
    ...(common ? { prefix: common.value } : {}),
  };
}

/** The address that most services are given for AWS, by the variable of its tools or under LocalStack's own name. */
function detectEndpoint(tree: Tree, guesses: Guesses): string | undefined {
  const bare = Profile.parse({ platform: { name: 'x', domain: 'x' } });
  const found = mostCommon(
    listComposeFiles(tree, bare).flatMap(({ path }) =>
      [...(tree.read(path) ?? '').matchAll(ENDPOINT)].map((match) => match[1] ?? ''),
    ),
  );
  return guesses.note(
    'secrets.endpoint',
    found?.value,
    `${found?.count ?? 0} of ${found?.of ?? 0} variables for it say so`,
  );
}

/** Folders that keep IAM policies and CloudFormation templates, one file for each service. */
export function detectAws(tree: Tree, guesses: Guesses): Record<string, unknown> | undefined {
  const folderWith = (ending: RegExp, isOne: (text: string) => boolean) =>
    mostCommon(
      tree.paths
        .filter(
          (path) =>
            ending.test(baseName(path)) && folderOf(path) !== '' && isInUse(path) && isOne(tree.read(path) ?? ''),
        )
        .map(folderOf),
    );
  const found = folderWith(/\.json$/i, isRolesPolicy);
  // One policy among a tool's own files is that tool's, and says nothing of where those of services go.
  const policies = found && (found.count > 1 || /iam|polic/i.test(found.value)) ? found : undefined;
  guesses.note('aws.policies', policies?.value, `${policies?.count ?? 0} IAM policies are in it`, policies?.value);
  const messaging = folderWith(/\.ya?ml$/i, (text) => /^\s+Type:\s*["']?AWS::(?:SQS|SNS)::/m.test(text));
  guesses.note(
    'aws.messaging',
    messaging?.value,
    `${messaging?.count ?? 0} templates with queues are in it`,
    messaging?.value,
  );
  return known({ policies: policies?.value, messaging: messaging?.value });
}

/** An IAM policy that says what a role may do. One with a principal is a bucket's or a role's own: who may use that. */
function isRolesPolicy(text: string): boolean {
  return /"Version"\s*:\s*"2012-10-17"[\s\S]*"Statement"\s*:/.test(text) && !/"Principal"\s*:/.test(text);
}
