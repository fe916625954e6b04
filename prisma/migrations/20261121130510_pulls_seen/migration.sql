-- How far the poll has looked through GitHub's list of what changed.
ALTER TABLE repository_heads ADD COLUMN pulls_seen_at TIMESTAMPTZ(3);
