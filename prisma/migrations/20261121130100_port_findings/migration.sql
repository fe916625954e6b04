-- Reservations by hand: who asked for one and why, who ended it, and the answer to a call that is sent twice.
ALTER TABLE "port_reservations"
  ADD COLUMN "reserved_by" TEXT,
  ADD COLUMN "reserved_because" TEXT,
  ADD COLUMN "released_by" TEXT,
  ADD COLUMN "idempotency_key" TEXT,
  ADD COLUMN "asked" TEXT;

CREATE UNIQUE INDEX "port_reservations_idempotency_key_key" ON "port_reservations" ("idempotency_key");

-- Every port that a file of the base branch gives to somebody, at the commit that was imported last. Observations may contradict each other.
CREATE TABLE "port_observations" (
    "id" BIGSERIAL NOT NULL,
    "repository" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "protocol" TEXT NOT NULL,
    "port_from" INTEGER NOT NULL,
    "port_to" INTEGER NOT NULL,
    "internal_from" INTEGER,
    "internal_to" INTEGER,
    "path" TEXT NOT NULL,
    "line" INTEGER,

    CONSTRAINT "port_observations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "port_observations_source" CHECK ("source" IN ('registry', 'compose', 'traefik')),
    CONSTRAINT "port_observations_protocol" CHECK ("protocol" IN ('tcp', 'udp')),
    CONSTRAINT "port_observations_range" CHECK ("port_from" <= "port_to")
);

CREATE INDEX "port_observations_repository_branch_port_from_idx" ON "port_observations"("repository", "branch", "port_from");

-- What somebody should mend. The key outlives edits that only move lines.
CREATE TABLE "port_findings" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "repository" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "line" INTEGER,
    "message" TEXT NOT NULL,
    "remedy" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'new',
    "accepted_because" TEXT,
    "accepted_by" TEXT,
    "accepted_at" TIMESTAMPTZ(3),
    "mended_at" TIMESTAMPTZ(3),
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "port_findings_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "port_findings_origin" CHECK ("origin" IN ('files', 'reservations')),
    CONSTRAINT "port_findings_state" CHECK ("state" IN ('new', 'accepted', 'mended')),
    -- What is accepted says why, by whom and when; what is mended says when.
    CONSTRAINT "port_findings_accepted" CHECK ("state" <> 'accepted' OR ("accepted_because" IS NOT NULL AND "accepted_by" IS NOT NULL AND "accepted_at" IS NOT NULL)),
    CONSTRAINT "port_findings_mended" CHECK (("state" = 'mended') = ("mended_at" IS NOT NULL))
);

CREATE UNIQUE INDEX "port_findings_repository_branch_key_key" ON "port_findings"("repository", "branch", "key");

-- The next look at main fills both tables, also where its commit is known already.
UPDATE "repository_heads" SET "imported_sha" = NULL;
