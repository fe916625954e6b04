#!/usr/bin/env bash
# Adds observability to a platform that runs already.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/lib.sh

ensure_env
ensure_networks
start_stack observability
