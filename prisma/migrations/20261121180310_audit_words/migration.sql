-- Whatever the page shows of an entry is found by its words: the browser, the way and the request's number too. Entries of before stay as they are, and are found as before.
CREATE OR REPLACE FUNCTION audit_prepare_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."at" := clock_timestamp();
  NEW."before" := CASE WHEN NEW."before" IS NOT NULL THEN audit_struck_out(NEW."before") END;
  NEW."after" := CASE WHEN NEW."after" IS NOT NULL THEN audit_struck_out(NEW."after") END;
  NEW."subject_id" := audit_struck_out_text(NEW."subject_id");
  NEW."operation" := audit_struck_out_text(NEW."operation");
  NEW."user_agent" := left(audit_struck_out_text(NEW."user_agent"), 300);
  NEW."haystack" := lower(concat_ws(' ', NEW."actor_name", NEW."actor_kind", NEW."actor_id", NEW."operation", NEW."way", NEW."action",
    NEW."subject_kind", NEW."subject_id", NEW."service", NEW."request_number", NEW."before"::text, NEW."after"::text, NEW."address",
    NEW."user_agent", NEW."correlation_id"));
  RETURN NEW;
END $$;
