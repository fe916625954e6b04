#!/usr/bin/env bash
# Starts the whole platform, stack by stack, in the order in which they need
# each other. See docs/runbooks/RUNBOOK-030-compose-management.md.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=scripts/lib.sh
source scripts/lib.sh

ensure_env
ensure_networks
ensure_volumes

start_stack infrastructure
wait_healthy gitlab-sre-postgres
wait_healthy gitlab-sre-localstack

start_stack security
wait_healthy gitlab-sre-spire-agent
./spire/init-spire.sh

start_stack observability
start_stack events
start_stack ai-infra
start_stack langgraph
start_stack gitlab
start_stack integrations

echo
echo "Edge proxy:  cd ravenhelm-proxy && docker compose -f docker-compose-traefik.yml up -d"
echo "Console:     https://hlidskjalf.ravenhelm.test"
