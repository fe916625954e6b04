-- The owner of a draft takes its links back: a link names the generation that it was made in, and opens while that is the draft's. Links of before name none and count as the first.
ALTER TABLE "drafts" ADD COLUMN "link_generation" INTEGER NOT NULL DEFAULT 1;
-- Until when the newest link opens; null where none is out.
ALTER TABLE "drafts" ADD COLUMN "links_open_until" TIMESTAMPTZ(3);

CREATE OR REPLACE TRIGGER "drafts_audit" AFTER INSERT OR UPDATE OR DELETE ON "drafts" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('draft', 'id', 'owner_id,changes_service,link_generation',
    'content,version,step,created_at,updated_at,expires_at,links_open_until');
-- Called by a name of its own: somebody who joins or leaves is not a draft that is created or removed.
CREATE OR REPLACE TRIGGER "draft_editors_audit" AFTER INSERT OR UPDATE OR DELETE ON "draft_editors" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('editor', 'draft_id', 'user_id', 'added_at');
