#!/usr/bin/env bash
# =============================================================================
# Registers every workload with the SPIRE server. Safe to run again.
#
#   ./spire/init-spire.sh            # register what is missing
#   ./spire/init-spire.sh --list     # show what is there
#
# The selector is the workload label of the HELPER, because the helper is the
# process that talks to the agent. The service beside it is never seen.
# =============================================================================
set -euo pipefail

TRUST_DOMAIN="ravenhelm.test"
SERVER="gitlab-sre-spire-server"
PARENT="spiffe://${TRUST_DOMAIN}/agent/ravenhelm-01"

spire() {
  docker exec "$SERVER" /opt/spire/bin/spire-server "$@"
}

if [[ "${1:-}" == "--list" ]]; then
  spire entry show
  exit 0
fi

# name | selector | DNS names (comma separated)
ENTRIES=(
  # --- infrastructure ---
  "postgres|docker:label:ravenhelm.workload:postgres-spiffe-helper|postgres"
  "redis|docker:label:ravenhelm.workload:redis-spiffe-helper|redis"
  "nats|docker:label:ravenhelm.workload:nats-spiffe-helper|nats,nats.ravenhelm.test"
  # --- edge ---
  "traefik|docker:label:ravenhelm.workload:traefik-spiffe-helper|traefik"
  # --- integrations ---
  "mcp-gitlab|docker:label:ravenhelm.workload:mcp-gitlab-spiffe-helper|mcp-server-gitlab,mcp-gitlab.ravenhelm.test"   # not mcp-server-gitlab, see RUNBOOK-028
  # "norns|docker:label:ravenhelm.workload:norns-spiffe-helper|norns"
)

echo "Waiting for the server ..."
until spire healthcheck >/dev/null 2>&1; do
  sleep 2
done

for entry in "${ENTRIES[@]}"; do
  IFS='|' read -r name selector dns <<<"$entry"
  id="spiffe://${TRUST_DOMAIN}/${name}"

  if spire entry show -spiffeID "$id" | grep -q "Entry ID"; then
    echo "  $id is there already"
    continue
  fi

  args=(entry create -spiffeID "$id" -parentID "$PARENT" -selector "$selector" -x509SVIDTTL 3600)
  IFS=',' read -ra names <<<"$dns"
  for one in "${names[@]}"; do
    args+=(-dns "$one")
  done
  spire "${args[@]}" >/dev/null
  echo "  $id registered"
done

echo "Done: ${#ENTRIES[@]} entries."
