/** For tests alone: an environment without Compose, Helm and shellcheck. They take most of the time where a test is about something else. */
export const withoutTools = {
  SLIPWAY_HELM: '/nowhere/helm',
  SLIPWAY_DOCKER_COMPOSE: '/nowhere/docker-compose',
  SLIPWAY_SHELLCHECK: '/nowhere/shellcheck',
};
