-- What people have done after the merge: a step of the request's list, by its key, ticked off by somebody.
CREATE TABLE "follow_up_ticks" (
  "request_id" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "done_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "done_by" TEXT NOT NULL,
  CONSTRAINT "follow_up_ticks_pkey" PRIMARY KEY ("request_id", "key"),
  CONSTRAINT "follow_up_ticks_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "change_requests"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
