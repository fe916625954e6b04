-- Every save of a draft: who, when, and which fields from what to what.
CREATE TABLE "draft_versions" (
    "draft_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "author_id" UUID NOT NULL,
    "author_name" TEXT NOT NULL,
    "patches" JSONB NOT NULL,

    CONSTRAINT "draft_versions_pkey" PRIMARY KEY ("draft_id", "version"),
    CONSTRAINT "draft_versions_draft_id_fkey" FOREIGN KEY ("draft_id") REFERENCES "drafts"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- Append-only: a save is never changed, and goes only with its draft, which is gone by the time its saves are deleted with it.
CREATE FUNCTION draft_versions_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM drafts WHERE id = OLD.draft_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'draft_versions is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER draft_versions_append_only BEFORE UPDATE OR DELETE ON "draft_versions"
  FOR EACH ROW EXECUTE FUNCTION draft_versions_are_append_only();
