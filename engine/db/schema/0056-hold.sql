-- Files of records go from their unit to the records centre when they are inactive, and a hold
-- keeps a file from every disposal.  Why one was laid or lifted stands in the file's journal.
ALTER TABLE berkas ADD COLUMN moved INTEGER;    -- microseconds UTC; NULL: it is with its unit
ALTER TABLE berkas ADD COLUMN moved_by TEXT;    -- person id

CREATE TABLE berkas_hold (
  berkas TEXT NOT NULL REFERENCES berkas (id),
  n INTEGER NOT NULL CHECK (n >= 1),            -- in the order in which they were laid
  since INTEGER NOT NULL,       -- microseconds UTC
  by TEXT NOT NULL,             -- person id
  until INTEGER,                -- microseconds UTC when it was lifted; NULL: it holds
  until_by TEXT CHECK ((until_by IS NULL) = (until IS NULL)), -- person id
  PRIMARY KEY (berkas, n)
) WITHOUT ROWID;
