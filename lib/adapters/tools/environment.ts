/** The environment of a tool: where programs are, and nothing that is ours or secret. */

/**
 * Go's programs tidy up harder from here on. Below what {@link runProgram} lets a program have, so that garbage alone ends none of them.
 */
const GO_MEMORY = '768MiB';

/**
 * The whole environment of a run. It tells the program that the network is not for it: what would ask for a proxy finds none that answers, and
 * neither a Docker daemon nor a cluster is named.
 * @param home an empty folder that is the run's own; none where the program writes nothing.
 */
export function toolEnvironment(home = '/nonexistent'): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    GOMEMLIMIT: GO_MEMORY,
    HTTP_PROXY: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    DOCKER_CONFIG: home,
    DOCKER_HOST: `unix://${home}/docker.sock`,
    KUBECONFIG: `${home}/kubeconfig`,
    HELM_NO_PLUGINS: '1',
    COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'false',
    COMPOSE_EXPERIMENTAL_OCI_REMOTE: 'false',
    COMPOSE_DISABLE_ENV_FILE: 'true',
  };
}
