-- Handovers: the open work of a position that changes hands, as a list that both confirm.  Each has a
-- history of its own, "office/handover-<id>", whose record says what stands here.
CREATE TABLE handover (
  id TEXT PRIMARY KEY,
  position TEXT NOT NULL,       -- position id
  giver TEXT NOT NULL,          -- person id
  receiver TEXT NOT NULL,       -- person id
  by TEXT NOT NULL,             -- person who made the list
  at INTEGER NOT NULL,          -- microseconds UTC when it was made
  given INTEGER,                -- microseconds UTC when it was confirmed for the giver; NULL: not yet
  given_by TEXT CHECK ((given_by IS NULL) = (given IS NULL)), -- person: himself, or his superior
  received INTEGER,             -- microseconds UTC when the receiver confirmed; NULL: not yet
  replaced INTEGER,             -- microseconds UTC when a newer list took its place; NULL: it counts
  CHECK (giver <> receiver)
) WITHOUT ROWID;
CREATE INDEX handover_position ON handover (position, at);

CREATE TABLE handover_item (
  handover TEXT NOT NULL REFERENCES handover (id),
  n INTEGER NOT NULL CHECK (n >= 1),
  letter TEXT NOT NULL,         -- letter id
  task TEXT NOT NULL,           -- key of the task that lies there; '': the letter is the position's
  opened INTEGER NOT NULL,      -- microseconds UTC
  due INTEGER,                  -- microseconds UTC; NULL: none
  PRIMARY KEY (handover, n)
) WITHOUT ROWID;
