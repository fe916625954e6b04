-- What a submission asked for, as a hash: the same key with another body is refused. Rows of the previous version have none, and answer as before.
ALTER TABLE "change_requests" ADD COLUMN "asked" TEXT;
