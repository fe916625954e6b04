/**
 * The text of a service's GitHub workflow (requirements, section 4): verify; build with SBOM, scan and keyless signature; chart as a signed OCI artifact;
 * promotion by values, dev and staging by commit, prod by pull request. Every job has the permissions that it needs and no more.
 */
import { defaultStyle } from '../../yaml/style';
import { renderEntry } from '../../yaml/render';
import type { ActionReference } from './actions';
import { loginSteps } from './login';
import type { Toolchain } from './toolchain';

export interface WorkflowInput {
  service: string;
  path: string;
  /** Folder of the code, without a slash at its end. */
  folder: string;
  context: string;
  dockerfile: string | undefined;
  image: string;
  branch: string;
  runsOn: string;
  toolchain: Toolchain;
  uses: ActionReference;
  /** Absent where the service has no chart of its own, or charts are not packaged. `values` matches the files of its environments. */
  chart?: { folder: string; values: string; registry: string };
  /** Absent where nothing is promoted. `file` has the image's digest under `key` (a dotted path). */
  promote?: { environment: string; file: string; key: string }[];
}

/** The whole file. */
export function renderWorkflow(input: WorkflowInput): string {
  const jobs = [verifyJob(input), buildJob(input), ...chartJob(input), ...promoteJobs(input)];
  return `${[
    ...head(input),
    'jobs:',
    ...jobs
      .map((job) => indent(job, 2))
      .join('\n\n')
      .split('\n'),
  ].join('\n')}\n`;
}

function head({ service, path, folder, branch, image, chart }: WorkflowInput): string[] {
  const paths = [`${folder}/**`, ...(chart ? [`${chart.folder}/**`] : []), path];
  const list = (depth: number) => paths.map((one) => `${' '.repeat(depth)}- ${quoted(one)}`);
  return [
    `# ${service}: from a commit to a signed image. Values decide what runs where; nothing here has access to a cluster.`,
    ...renderEntry('name', service, 0, defaultStyle),
    '',
    'on:',
    '  push:',
    `    branches: [${quoted(branch)}]`,
    '    paths:',
    ...list(6),
    // What a promotion writes is no reason to build again.
    ...(chart ? [`      - ${quoted(`!${chart.folder}/${chart.values}`)}`] : []),
    '  pull_request:',
    '    paths:',
    ...list(6),
    '',
    'permissions:',
    '  contents: read',
    '',
    '# Builds of main wait for each other, so that promotions stay in order; a pull request needs its newest state alone.',
    'concurrency:',
    `  group: ${service}-\${{ github.ref }}`,
    "  cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
    '',
    'env:',
    `  IMAGE: ${quoted(image)}`,
    '',
  ];
}

function verifyJob({ runsOn, folder, toolchain, uses }: WorkflowInput): string {
  return [
    'verify:',
    `  runs-on: ${runsOn}`,
    '  timeout-minutes: 20',
    '  steps:',
    `    - uses: ${uses('actions/checkout')}`,
    '      with:',
    '        persist-credentials: false',
    ...toolchain.setUp.map((line) => `    ${line}`),
    '    - name: Verify',
    `      working-directory: ${quoted(folder)}`,
    '      run: |',
    ...toolchain.commands.map((command) => `        ${command}`),
  ].join('\n');
}

function buildJob({ runsOn, branch, context, dockerfile, image, uses }: WorkflowInput): string {
  return [
    'build:',
    '  needs: verify',
    `  if: github.event_name == 'push' && github.ref == 'refs/heads/${branch}'`,
    `  runs-on: ${runsOn}`,
    '  timeout-minutes: 30',
    '  permissions:',
    '    contents: read',
    '    packages: write',
    '    id-token: write # keyless signing: the signature names this workflow',
    '  outputs:',
    '    digest: ${{ steps.build.outputs.digest }}',
    '  steps:',
    `    - uses: ${uses('actions/checkout')}`,
    '      with:',
    '        persist-credentials: false',
    `    - uses: ${uses('docker/setup-buildx-action')}`,
    ...loginSteps([image], uses).map((line) => `    ${line}`),
    '    - id: build',
    `      uses: ${uses('docker/build-push-action')}`,
    '      with:',
    `        context: ${quoted(context)}`,
    ...(dockerfile === undefined ? [] : [`        file: ${quoted(dockerfile)}`]),
    '        push: true',
    '        tags: ${{ env.IMAGE }}:${{ github.sha }}',
    '        provenance: mode=max',
    '    - name: SBOM',
    `      uses: ${uses('anchore/sbom-action')}`,
    '      with:',
    '        image: ${{ env.IMAGE }}@${{ steps.build.outputs.digest }}',
    '        format: spdx-json',
    '        output-file: sbom.spdx.json',
    '    - name: Scan',
    `      uses: ${uses('anchore/scan-action')}`,
    '      with:',
    '        sbom: sbom.spdx.json',
    '        fail-build: true',
    '        severity-cutoff: critical',
    `    - uses: ${uses('sigstore/cosign-installer')}`,
    '    - name: Sign the image and its SBOM',
    '      env:',
    '        DIGEST: ${{ steps.build.outputs.digest }}',
    '      run: |',
    '        cosign sign --yes "${IMAGE}@${DIGEST}"',
    '        cosign attest --yes --type spdxjson --predicate sbom.spdx.json "${IMAGE}@${DIGEST}"',
  ].join('\n');
}

function chartJob({ chart, runsOn, uses, service }: WorkflowInput): string[] {
  if (!chart) return [];
  return [
    [
      'chart:',
      '  needs: build',
      `  runs-on: ${runsOn}`,
      '  timeout-minutes: 10',
      '  permissions:',
      '    contents: read',
      '    packages: write',
      '    id-token: write',
      '  env:',
      `    CHART: ${quoted(chart.folder)}`,
      `    REGISTRY: ${quoted(chart.registry)}`,
      '  steps:',
      `    - uses: ${uses('actions/checkout')}`,
      '      with:',
      '        persist-credentials: false',
      `    - uses: ${uses('azure/setup-helm')}`,
      `    - uses: ${uses('sigstore/cosign-installer')}`,
      ...loginSteps([chart.registry], uses).map((line) => `    ${line}`),
      '    - name: Package, push and sign',
      '      run: |',
      '        set -euo pipefail',
      '        helm lint --strict "$CHART"',
      '        helm package "$CHART" --version "0.1.${GITHUB_RUN_NUMBER}" --app-version "$GITHUB_SHA"',
      `        pushed="$(helm push "${service}-0.1.\${GITHUB_RUN_NUMBER}.tgz" "oci://\${REGISTRY}" 2>&1)"`,
      '        echo "$pushed"',
      `        digest="$(sed -n 's/^Digest: //p' <<<"$pushed")"`,
      `        cosign sign --yes "\${REGISTRY}/${service}@\${digest}"`,
    ].join('\n'),
  ];
}

function promoteJobs(input: WorkflowInput): string[] {
  const { promote = [], chart } = input;
  const needs = chart ? '[build, chart]' : 'build';
  const byCommit = promote.filter((one) => one.environment !== 'prod');
  const byPull = promote.filter((one) => one.environment === 'prod');
  return [
    ...(byCommit.length > 0 ? [commitJob(input, needs, byCommit)] : []),
    ...(byPull.length > 0 ? [pullJob(input, byCommit.length > 0 ? '[build, promote]' : needs, byPull)] : []),
  ];
}

type Promotions = NonNullable<WorkflowInput['promote']>;

function setDigest(targets: Promotions): string[] {
  return targets.map(({ file, key }) => `        yq -i '.${key} = strenv(DIGEST)' ${shellWord(file)}`);
}

function commitJob({ service, runsOn, branch, uses }: WorkflowInput, needs: string, targets: Promotions): string {
  const names = targets.map(({ environment }) => environment).join(' and ');
  return [
    'promote:',
    `  needs: ${needs}`,
    `  runs-on: ${runsOn}`,
    '  timeout-minutes: 5',
    '  permissions:',
    '    contents: write',
    '  steps:',
    `    - uses: ${uses('actions/checkout')}`,
    '      with:',
    `        ref: ${quoted(branch)}`,
    `    - name: Put the image into the values of ${names}`,
    '      env:',
    '        DIGEST: ${{ needs.build.outputs.digest }}',
    '      run: |',
    '        set -euo pipefail',
    ...setDigest(targets),
    '        git diff --quiet && exit 0',
    "        git config user.name 'github-actions[bot]'",
    "        git config user.email '41898282+github-actions[bot]@users.noreply.github.com'",
    `        git commit -am "chore(${service}): run \${DIGEST:0:19} in ${names}"`,
    '        # Another service may have been promoted meanwhile.',
    `        for _ in 1 2 3; do git push && exit 0; git pull --rebase; done`,
    '        exit 1',
  ].join('\n');
}

function pullJob({ service, runsOn, branch, uses }: WorkflowInput, needs: string, targets: Promotions): string {
  return [
    'release:',
    `  needs: ${needs}`,
    `  runs-on: ${runsOn}`,
    '  timeout-minutes: 5',
    '  permissions:',
    '    contents: write',
    '    pull-requests: write',
    '  steps:',
    `    - uses: ${uses('actions/checkout')}`,
    '      with:',
    `        ref: ${quoted(branch)}`,
    '    - name: Propose the image for prod',
    '      env:',
    '        DIGEST: ${{ needs.build.outputs.digest }}',
    '        GH_TOKEN: ${{ github.token }}',
    '      run: |',
    '        set -euo pipefail',
    ...setDigest(targets),
    '        git diff --quiet && exit 0',
    `        branch=${shellWord(`promote/${service}-prod`)}`,
    "        git config user.name 'github-actions[bot]'",
    "        git config user.email '41898282+github-actions[bot]@users.noreply.github.com'",
    '        git checkout -B "$branch"',
    `        git commit -am "chore(${service}): run \${DIGEST:0:19} in prod"`,
    '        # Only the newest proposal stands, unless somebody has worked on it.',
    `        if git fetch --depth 1 origin "$branch" && [ "$(git log -1 --format=%an FETCH_HEAD)" != 'github-actions[bot]' ]; then`,
    '          echo "Somebody committed to $branch: it is left alone."',
    '          exit 0',
    '        fi',
    '        git push --force origin "$branch"',
    '        gh pr view "$branch" --json state --jq .state 2>/dev/null | grep -q OPEN ||',
    `          gh pr create --base ${shellWord(branch)} --head "$branch" --title "chore(${service}): release to prod" \\`,
    '            --body "Image ${IMAGE}@${DIGEST}, built from ${GITHUB_SHA}. Argo CD syncs prod by hand after the merge."',
  ].join('\n');
}

/** A YAML scalar that stays the text that it is. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** One word of a shell command, whatever characters a path holds. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}
