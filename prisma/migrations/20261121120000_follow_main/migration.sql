-- A request follows main: its plan made again on a newer commit, and put on the branch as a merge commit. Written before the branch moves, so that
-- whoever comes after a crash knows which commit is ours. Additions alone: what ran before neither reads nor misses them.
CREATE TABLE "request_refreshes" (
  "request_id" INTEGER NOT NULL,
  "number" INTEGER NOT NULL,
  "base_sha" TEXT NOT NULL,
  "onto_sha" TEXT NOT NULL,
  "head_sha" TEXT,
  "plan" JSONB NOT NULL,
  "resolved" JSONB NOT NULL,
  "checks" JSONB NOT NULL,
  "follow_ups" JSONB NOT NULL,
  "rendered" JSONB NOT NULL,
  "digest" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ended_at" TIMESTAMPTZ(3),
  "outcome" TEXT,
  CONSTRAINT "request_refreshes_pkey" PRIMARY KEY ("request_id", "number"),
  CONSTRAINT "request_refreshes_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "change_requests"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "request_refreshes_outcome" CHECK (("outcome" IS NULL) = ("ended_at" IS NULL) AND "outcome" IN ('applied', 'dropped'))
);
-- One is under way at a time.
CREATE UNIQUE INDEX "request_refreshes_one_under_way" ON "request_refreshes" ("request_id") WHERE "ended_at" IS NULL;

ALTER TABLE "change_requests"
  ADD COLUMN "judged_sha" TEXT,
  ADD COLUMN "branch_taken_at" TIMESTAMPTZ(3),
  ADD COLUMN "branch_taken_by" TEXT,
  ADD COLUMN "take_over_asked_by" TEXT;
