CREATE EXTENSION IF NOT EXISTS btree_gist;

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "request_state" AS ENUM ('submitted', 'checking', 'opening', 'in_review', 'merged', 'live', 'failed', 'closed', 'cancelled');

-- CreateEnum
CREATE TYPE "reservation_state" AS ENUM ('held', 'reserved', 'active', 'released');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drafts" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "owner_id" UUID NOT NULL,
    "content" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "step" TEXT NOT NULL DEFAULT 'basics',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "drafts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change_requests" (
    "id" SERIAL NOT NULL,
    "state" "request_state" NOT NULL DEFAULT 'submitted',
    "service_name" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "resolved" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "checks" JSONB NOT NULL,
    "follow_ups" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "repository" TEXT NOT NULL,
    "base_branch" TEXT NOT NULL,
    "base_sha" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "head_sha" TEXT,
    "pull_number" INTEGER,
    "pull_url" TEXT,
    "merge_sha" TEXT,
    "issue_url" TEXT,
    "runbook_page_url" TEXT,
    "failure" TEXT,
    "failure_ref" TEXT,
    "requester_id" UUID NOT NULL,
    "draft_id" UUID,
    "idempotency_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "merged_at" TIMESTAMPTZ(3),
    "live_at" TIMESTAMPTZ(3),

    CONSTRAINT "change_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request_steps" (
    "request_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "result" JSONB,
    "error" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3),

    CONSTRAINT "request_steps_pkey" PRIMARY KEY ("request_id","name")
);

-- CreateTable
CREATE TABLE "timeline_events" (
    "id" BIGSERIAL NOT NULL,
    "request_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "detail" TEXT,
    "link" TEXT,
    "actor" TEXT,
    "duration_ms" INTEGER,
    "data" JSONB,
    "key" TEXT NOT NULL,

    CONSTRAINT "timeline_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "port_reservations" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "scope" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "port_from" INTEGER NOT NULL,
    "port_to" INTEGER NOT NULL,
    "state" "reservation_state" NOT NULL DEFAULT 'held',
    "pool" TEXT,
    "service" TEXT NOT NULL,
    "port_name" TEXT NOT NULL,
    "request_id" INTEGER,
    "lease_until" TIMESTAMPTZ(3),
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "port_reservations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "host_claims" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "host" TEXT NOT NULL,
    "path" TEXT NOT NULL DEFAULT '/',
    "request_id" INTEGER NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "host_claims_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runbook_claims" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "number" INTEGER NOT NULL,
    "request_id" INTEGER NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "runbook_claims_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "services" (
    "name" TEXT NOT NULL,
    "display_name" TEXT,
    "purpose" TEXT,
    "category" TEXT,
    "owner" TEXT,
    "lifecycle" TEXT,
    "stack" TEXT,
    "host" TEXT,
    "ports" JSONB NOT NULL DEFAULT '[]',
    "manifest" JSONB,
    "request_id" INTEGER,
    "places" JSONB NOT NULL DEFAULT '[]',
    "seen_sha" TEXT,
    "runbook_path" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "services_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "repository_commits" (
    "repository" TEXT NOT NULL,
    "sha" TEXT NOT NULL,
    "entries" JSONB NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "repository_commits_pkey" PRIMARY KEY ("repository","sha")
);

-- CreateTable
CREATE TABLE "repository_blobs" (
    "sha" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "repository_blobs_pkey" PRIMARY KEY ("sha")
);

-- CreateTable
CREATE TABLE "repository_heads" (
    "repository" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "sha" TEXT NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "findings" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "repository_heads_pkey" PRIMARY KEY ("repository","branch")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "processed_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_issuer_subject_key" ON "users"("issuer", "subject");

-- CreateIndex
CREATE INDEX "drafts_owner_id_updated_at_idx" ON "drafts"("owner_id", "updated_at");

-- CreateIndex
CREATE UNIQUE INDEX "change_requests_draft_id_key" ON "change_requests"("draft_id");

-- CreateIndex
CREATE UNIQUE INDEX "change_requests_idempotency_key_key" ON "change_requests"("idempotency_key");

-- CreateIndex
CREATE INDEX "change_requests_state_created_at_idx" ON "change_requests"("state", "created_at");

-- CreateIndex
CREATE INDEX "change_requests_service_name_idx" ON "change_requests"("service_name");

-- CreateIndex
CREATE UNIQUE INDEX "change_requests_repository_branch_key" ON "change_requests"("repository", "branch");

-- CreateIndex
CREATE INDEX "timeline_events_request_id_id_idx" ON "timeline_events"("request_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "timeline_events_request_id_key_key" ON "timeline_events"("request_id", "key");

-- CreateIndex
CREATE INDEX "port_reservations_scope_protocol_port_from_idx" ON "port_reservations"("scope", "protocol", "port_from");

-- CreateIndex
CREATE INDEX "port_reservations_request_id_idx" ON "port_reservations"("request_id");

-- CreateIndex
CREATE INDEX "host_claims_request_id_idx" ON "host_claims"("request_id");

-- CreateIndex
CREATE INDEX "runbook_claims_request_id_idx" ON "runbook_claims"("request_id");

-- CreateIndex
CREATE INDEX "services_seen_sha_idx" ON "services"("seen_sha");

-- AddForeignKey
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_requests" ADD CONSTRAINT "change_requests_requester_id_fkey" FOREIGN KEY ("requester_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_requests" ADD CONSTRAINT "change_requests_draft_id_fkey" FOREIGN KEY ("draft_id") REFERENCES "drafts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request_steps" ADD CONSTRAINT "request_steps_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "change_requests"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "timeline_events" ADD CONSTRAINT "timeline_events_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "change_requests"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "port_reservations" ADD CONSTRAINT "port_reservations_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "change_requests"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "host_claims" ADD CONSTRAINT "host_claims_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "change_requests"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runbook_claims" ADD CONSTRAINT "runbook_claims_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "change_requests"("id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- What Prisma cannot say. These are the truth; locks and checks in code only make the message kinder.

-- Two live reservations never share a port of one host and protocol.
ALTER TABLE "port_reservations"
  ADD CONSTRAINT "port_reservations_range" CHECK (port_from BETWEEN 1 AND 65535 AND port_to BETWEEN port_from AND 65535),
  ADD CONSTRAINT "port_reservations_protocol" CHECK (protocol IN ('tcp', 'udp')),
  -- Only what is held has a lease, and what is held always has one.
  ADD CONSTRAINT "port_reservations_lease" CHECK ((state = 'held') = (lease_until IS NOT NULL)),
  ADD CONSTRAINT "port_reservations_no_overlap" EXCLUDE USING gist (
    scope WITH =, protocol WITH =, int4range(port_from, port_to, '[]') WITH &&
  ) WHERE (state IN ('held', 'reserved', 'active'));

-- One service has one request under way or live.
CREATE UNIQUE INDEX "change_requests_one_per_service" ON "change_requests" ("repository", "service_name")
  WHERE state NOT IN ('closed', 'cancelled');

-- A host and path, and a runbook number, belong to one request at a time.
CREATE UNIQUE INDEX "host_claims_one_owner" ON "host_claims" ("host", "path") WHERE released_at IS NULL;
CREATE UNIQUE INDEX "runbook_claims_one_owner" ON "runbook_claims" ("number") WHERE released_at IS NULL;

-- The timeline is append-only; it goes only with its request.
CREATE FUNCTION timeline_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'timeline_events is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER timeline_events_append_only BEFORE UPDATE ON "timeline_events"
  FOR EACH ROW EXECUTE FUNCTION timeline_is_append_only();
