/** How a job signs in to a registry: GitHub's own by the job's token, Amazon's by a role that GitHub's identity may take on, others by secrets of the repository. */
import type { ActionReference } from './actions';

const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/;

/** The machine of `ghcr.io/ravenhelm`; Docker's own registry where none is named. */
export function registryHost(registry: string): string {
  const [first = ''] = registry.replace(/^oci:\/\//, '').split('/');
  return /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io';
}

/** Steps as lines of YAML at indent 0, each registry's once. */
export function loginSteps(registries: readonly string[], uses: ActionReference): string[] {
  const hosts = [...new Set(registries.map(registryHost))];
  return hosts.flatMap((host) => {
    const amazon = ECR.exec(host);
    if (amazon)
      return [
        `- uses: ${uses('aws-actions/configure-aws-credentials')}`,
        '  with:',
        '    role-to-assume: ${{ vars.AWS_DELIVERY_ROLE }}',
        `    aws-region: ${amazon[2] ?? ''}`,
        `- uses: ${uses('aws-actions/amazon-ecr-login')}`,
        '  with:',
        `    registries: '${amazon[1] ?? ''}'`,
      ];
    const [username, password] =
      host === 'ghcr.io'
        ? ['${{ github.actor }}', '${{ github.token }}']
        : ['${{ secrets.REGISTRY_USERNAME }}', '${{ secrets.REGISTRY_PASSWORD }}'];
    return [
      `- uses: ${uses('docker/login-action')}`,
      '  with:',
      `    registry: ${host}`,
      `    username: ${username}`,
      `    password: ${password}`,
    ];
  });
}

/** What a person sets in the repository's settings before the first build; nothing for GitHub's own registry. */
export function loginSettings(registries: readonly string[]): string[] {
  const hosts = [...new Set(registries.map(registryHost))];
  return [
    ...(hosts.some((host) => ECR.test(host))
      ? ['the variable AWS_DELIVERY_ROLE (a role that trusts GitHub’s OIDC)']
      : []),
    ...(hosts.some((host) => !ECR.test(host) && host !== 'ghcr.io')
      ? ['the secrets REGISTRY_USERNAME and REGISTRY_PASSWORD']
      : []),
  ];
}
