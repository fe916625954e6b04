-- Limits of the systems outside: pauses that they asked for, the row of those who write, what their budget is.

CREATE TABLE upstream_pauses (
  system   TEXT NOT NULL,
  scope    TEXT NOT NULL CONSTRAINT upstream_pauses_scope CHECK (scope IN ('all', 'writes')),
  until    TIMESTAMPTZ(3) NOT NULL,
  reason   TEXT NOT NULL,
  noted_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (system, scope)
);

CREATE TABLE upstream_turns (
  id       BIGSERIAL PRIMARY KEY,
  system   TEXT NOT NULL,
  holder   TEXT NOT NULL,
  due_at   TIMESTAMPTZ(3) NOT NULL,
  writes   INTEGER NOT NULL CONSTRAINT upstream_turns_writes CHECK (writes > 0),
  taken_at TIMESTAMPTZ(3)
);
CREATE INDEX upstream_turns_system_due_at_idx ON upstream_turns (system, due_at);
-- Nobody stands in the row twice.
CREATE UNIQUE INDEX upstream_turns_one_waiting ON upstream_turns (system, holder) WHERE taken_at IS NULL;

CREATE TABLE upstream_budgets (
  system    TEXT NOT NULL,
  resource  TEXT NOT NULL,
  remaining INTEGER NOT NULL,
  "limit"   INTEGER NOT NULL,
  reset_at  TIMESTAMPTZ(3) NOT NULL,
  seen_at   TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY (system, resource)
);

ALTER TABLE change_requests
  ADD COLUMN github_checks JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN github_checks_at TIMESTAMPTZ(3);

CREATE INDEX webhook_deliveries_received_at_idx ON webhook_deliveries (received_at);
