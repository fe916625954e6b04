-- A draft may describe the change of a service that is live; without a name it adds one.
ALTER TABLE "drafts" ADD COLUMN "changes_service" TEXT;
