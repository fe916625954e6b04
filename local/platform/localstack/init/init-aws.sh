#!/usr/bin/env bash
# =============================================================================
# LocalStack: secrets, parameters, queues
# =============================================================================
# LocalStack runs this at EVERY start (ready.d), and create_secret overwrites.
# Whatever you changed by hand with awslocal is gone after a restart, unless
# you write it here. Values for staging and production live elsewhere
# (RUNBOOK-019).
#
# Usage in a service: <SERVICE>_SECRET_NAME=ravenhelm/<service>
# =============================================================================
set -euo pipefail

REGION="${AWS_DEFAULT_REGION:-us-east-1}"

# create_secret NAME VALUE DESCRIPTION
create_secret() {
  local name="$1"
  local value="$2"
  local description="$3"

  if awslocal secretsmanager describe-secret --region "$REGION" --secret-id "$name" >/dev/null 2>&1; then
    awslocal secretsmanager put-secret-value --region "$REGION" --secret-id "$name" --secret-string "$value" >/dev/null
    echo "  updated $name"
  else
    awslocal secretsmanager create-secret --region "$REGION" --name "$name" \
      --description "$description" --secret-string "$value" >/dev/null
    echo "  created $name"
  fi
}

create_parameter() {
  awslocal ssm put-parameter --region "$REGION" --name "$1" --value "$2" --type String --overwrite >/dev/null
  echo "  parameter $1"
}

echo "Creating secrets in LocalStack ($REGION) ..."

# -----------------------------------------------------------------------------
# Databases
# -----------------------------------------------------------------------------
create_secret "ravenhelm/postgres" \
  '{"username":"postgres","password":"changeme-pg-9c41f7e2b0"}' \
  "PostgreSQL superuser"

create_secret "ravenhelm/redis" '{"password":"changeme-redis-51d0aa"}' "Redis (no password is set yet)"

create_secret "ravenhelm/neo4j" \
  '{"username":"neo4j","password":"changeme-neo4j"}' \
  "Neo4j"

create_secret "ravenhelm/minio" \
  '{"access_key":"ravenhelm","secret_key":"changeme-minio"}' \
  "MinIO root user"

# -----------------------------------------------------------------------------
# Identity
# -----------------------------------------------------------------------------
create_secret "ravenhelm/zitadel" \
  '{"masterkey":"changeme-masterkey-needs-32-chars","admin":"changeme-Zitadel-1"}' \
  "Zitadel master key and first admin"

create_secret "ravenhelm/oauth2-proxy" \
  '{"client_id":"283147265","client_secret":"changeme-oauth2-proxy-7be31a","cookie_secret":"changeme-cookie-secret-32-bytes-0"}' \
  "OAuth2 Proxy client in Zitadel"

# -----------------------------------------------------------------------------
# Observability
# -----------------------------------------------------------------------------
create_secret "ravenhelm/grafana" \
  '{"admin_password":"changeme","oauth_client_secret":"changeme-grafana-20ee"}' \
  "Grafana admin and OAuth client"

create_secret "ravenhelm/langfuse" \
  '{"public_key":"changeme-lf-public","secret_key":"changeme-lf-secret","salt":"changeme-salt"}' \
  "LangFuse project keys"

# -----------------------------------------------------------------------------
# Agents
# -----------------------------------------------------------------------------
# Real keys went in here until May. They were rotated (LESSONS_LEARNED, 2026-05).
create_secret "ravenhelm/norns" \
  '{"session_secret":"changeme-norns-session","openai_api_key":"changeme-openai","anthropic_api_key":"changeme-anthropic"}' \
  "Norns: session secret and model keys"

create_secret "ravenhelm/bifrost" \
  '{"openai_api_key":"changeme-openai","anthropic_api_key":"changeme-anthropic"}' \
  "Bifrost upstream keys"

create_secret "ravenhelm/hlidskjalf-api" \
  '{"jwt_secret":"changeme-hlidskjalf-jwt","gitlab_token":"changeme-gitlab-token"}' \
  "Control plane"

create_secret "ravenhelm/open-webui" '{"client_secret":"changeme-webui"}' "Open WebUI OAuth client"

# -----------------------------------------------------------------------------
# Integrations
# -----------------------------------------------------------------------------
create_secret "ravenhelm/mcp-gitlab" \
  '{"token":"changeme-gitlab-mcp-3f80c2","webhook_secret":"changeme-hook"}' \
  "MCP GitLab server: token with api scope"

create_secret "ravenhelm/n8n" \
  "{\"encryption_key\":\"changeme-n8n-${N8N_KEY_SUFFIX:-local}\"}" \
  "n8n encryption key"

create_secret "ravenhelm/livekit" \
  '{"api_key":"devkey","api_secret":"changeme-livekit-api-secret-00000"}' \
  "LiveKit API key pair"

create_secret "ravenhelm/livekit-sip" '{"trunk_password":"changeme-trunk"}' "SIP trunk"

# -----------------------------------------------------------------------------
# Parameters and queues
# -----------------------------------------------------------------------------
create_parameter "/ravenhelm/domain" "ravenhelm.test"
create_parameter "/ravenhelm/otel/endpoint" "http://tempo:4318"

for queue in norns-tasks norns-tasks-dlq bifrost-outbox; do
  awslocal sqs create-queue --region "$REGION" --queue-name "$queue" >/dev/null
done

echo "LocalStack is ready: $(awslocal secretsmanager list-secrets --region "$REGION" --query 'length(SecretList)') secrets."
