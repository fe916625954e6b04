#!/usr/bin/env bash
# Minimal development: infrastructure, security, LangGraph.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/lib.sh

ensure_env
ensure_networks
ensure_volumes

for stack in infrastructure security langgraph; do
  start_stack "$stack"
done

echo "Add dashboards with ./scripts/start-observability.sh"
