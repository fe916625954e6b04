-- Cancellations do not wait behind pull requests that are still to be opened: their turns come first, and those of others move back.
ALTER TABLE upstream_turns ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT false;
