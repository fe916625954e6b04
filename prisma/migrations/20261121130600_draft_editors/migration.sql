-- Who may read and edit a draft beside its owner: whoever opened a link that the owner made.
CREATE TABLE "draft_editors" (
    "draft_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "draft_editors_pkey" PRIMARY KEY ("draft_id", "user_id"),
    CONSTRAINT "draft_editors_draft_id_fkey" FOREIGN KEY ("draft_id") REFERENCES "drafts"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "draft_editors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "draft_editors_user_id_idx" ON "draft_editors" ("user_id");

CREATE TRIGGER "draft_editors_audit" AFTER INSERT OR UPDATE OR DELETE ON "draft_editors" FOR EACH ROW
  EXECUTE FUNCTION audit_row_change('draft', 'draft_id', 'user_id', 'added_at');
