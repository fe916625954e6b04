-- The timeline could be deleted: now it goes only with its request, which is gone by the time its events are deleted with it.
CREATE OR REPLACE FUNCTION timeline_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM change_requests WHERE id = OLD.request_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'timeline_events is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER timeline_events_stay BEFORE DELETE ON "timeline_events"
  FOR EACH ROW EXECUTE FUNCTION timeline_is_append_only();
-- Emptying a table whole passes by the triggers of its rows.
CREATE TRIGGER timeline_events_never_emptied BEFORE TRUNCATE ON "timeline_events"
  FOR EACH STATEMENT EXECUTE FUNCTION timeline_is_append_only();
CREATE TRIGGER draft_versions_never_emptied BEFORE TRUNCATE ON "draft_versions"
  FOR EACH STATEMENT EXECUTE FUNCTION draft_versions_are_append_only();
