-- A service that somebody took out of main by hand: its live request ends when a person says so, and why. Its name may be asked for again then.
ALTER TABLE "change_requests"
  ADD COLUMN "given_back_at" TIMESTAMPTZ(3),
  ADD COLUMN "given_back_by" TEXT,
  ADD COLUMN "given_back_because" TEXT,
  ADD CONSTRAINT "change_requests_given_back" CHECK (
    ("given_back_at" IS NULL AND "given_back_by" IS NULL AND "given_back_because" IS NULL)
    OR ("given_back_at" IS NOT NULL AND "given_back_by" IS NOT NULL AND "given_back_because" IS NOT NULL AND "state" = 'live')
  );

DROP INDEX "change_requests_one_live_per_service";
CREATE UNIQUE INDEX "change_requests_one_live_per_service" ON "change_requests" ("repository", "service_name")
  WHERE state = 'live' AND action <> 'remove' AND superseded_by_id IS NULL AND given_back_at IS NULL;

-- The audit keeps who and why.
DROP TRIGGER "change_requests_audit" ON "change_requests";
CREATE TRIGGER "change_requests_audit" AFTER INSERT OR UPDATE OR DELETE ON "change_requests" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('request', 'id',
    'state,action,service_name,repository,base_branch,base_sha,branch,head_sha,pull_number,pull_url,merge_sha,issue_url,runbook_page_url,failure,failure_ref,digest,predecessor_id,superseded_by_id,requester_id,draft_id,cancel_asked_at,cancel_asked_by,branch_taken_at,branch_taken_by,take_over_asked_by,merged_at,live_at,given_back_at,given_back_by,given_back_because',
    'created_at,updated_at,pull_updated_at,judged_sha,github_checks,github_checks_at');
