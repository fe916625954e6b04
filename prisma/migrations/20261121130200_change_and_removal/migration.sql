-- Requests that change or remove a service. Each names the live request that it leads away from, and supersedes it when it is live itself.
ALTER TABLE "change_requests"
  ADD COLUMN "action" TEXT NOT NULL DEFAULT 'add',
  ADD COLUMN "predecessor_id" INTEGER,
  ADD COLUMN "superseded_by_id" INTEGER,
  ADD CONSTRAINT "change_requests_action" CHECK ("action" IN ('add', 'change', 'remove')),
  ADD CONSTRAINT "change_requests_predecessor" CHECK (("action" = 'add') = ("predecessor_id" IS NULL)),
  ADD CONSTRAINT "change_requests_predecessor_id_fkey" FOREIGN KEY ("predecessor_id") REFERENCES "change_requests"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "change_requests_superseded_by_id_fkey" FOREIGN KEY ("superseded_by_id") REFERENCES "change_requests"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One request of a service is under way at a time, and one is what stands in main. The index before counted both as one.
CREATE UNIQUE INDEX "change_requests_one_open_per_service" ON "change_requests" ("repository", "service_name")
  WHERE state IN ('submitted', 'checking', 'opening', 'in_review', 'merged', 'failed');
CREATE UNIQUE INDEX "change_requests_one_live_per_service" ON "change_requests" ("repository", "service_name")
  WHERE state = 'live' AND action <> 'remove' AND superseded_by_id IS NULL;
DROP INDEX "change_requests_one_per_service";
