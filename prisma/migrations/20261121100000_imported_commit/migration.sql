-- Which commit of a branch the catalog was last brought up to: a commit that was merely seen is not imported yet.
ALTER TABLE "repository_heads" ADD COLUMN "imported_sha" TEXT;
