-- What the worker has to remember of a request: how far its pull request was read, that somebody asked to cancel it, and the
-- reference under which the log explains a step that failed.
ALTER TABLE "change_requests"
  ADD COLUMN "pull_updated_at" TIMESTAMPTZ(3),
  ADD COLUMN "cancel_asked_at" TIMESTAMPTZ(3),
  ADD COLUMN "cancel_asked_by" TEXT;

ALTER TABLE "request_steps" ADD COLUMN "reference" TEXT;
