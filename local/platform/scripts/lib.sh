# Shared by the start scripts. Not to be run by itself.
# shellcheck shell=bash

ensure_env() {
  if [[ ! -f .env ]]; then
    echo "No .env here: cp .env.example .env and fill it in." >&2
    exit 1
  fi
}

ensure_networks() {
  docker network inspect platform_net >/dev/null 2>&1 ||
    docker network create --subnet 172.28.0.0/16 platform_net
  for network in edge saaa_net m2c_net tinycrm_net; do
    docker network inspect "$network" >/dev/null 2>&1 || docker network create "$network"
  done
}

# Volumes that cross stacks are external (compose/docker-compose.base.yml).
ensure_volumes() {
  for volume in spire_agent_socket postgres_certs redis_certs nats_certs; do
    docker volume create "gitlab-sre-security_${volume}" >/dev/null
  done
}

start_stack() {
  echo "==> $1"
  docker compose --env-file .env -f "compose/docker-compose.$1.yml" up -d
}

wait_healthy() {
  local container="$1"
  local tries=60
  until [[ "$(docker inspect -f '{{.State.Health.Status}}' "$container" 2>/dev/null)" == "healthy" ]]; do
    tries=$((tries - 1))
    if [[ $tries -eq 0 ]]; then
      echo "$container did not become healthy. Try: docker logs --tail 50 $container" >&2
      exit 1
    fi
    sleep 5
  done
}
