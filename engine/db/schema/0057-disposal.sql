-- Proposals to dispose of files of records.  Each has a history of its own, "office/disposal-<id>",
-- whose record says what stands here and whose list.json names every letter; the digest of that list
-- stands in its journal, and is what is approved.
CREATE TABLE disposal (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,           -- unit id
  form TEXT NOT NULL CHECK (form IN ('destroy', 'transfer', 'review')),
  state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'refused', 'withdrawn', 'running',
    'done')),                   -- running: begun, and to be brought to its end
  digest TEXT NOT NULL CHECK (length(digest) = 64), -- SHA-256 of list.json in hex
  at INTEGER NOT NULL,          -- microseconds UTC
  by TEXT NOT NULL,             -- person id
  consent TEXT,                 -- number of the letter by which the national archives consent
  decided INTEGER,              -- microseconds UTC when it was approved or refused
  decided_by TEXT CHECK ((decided_by IS NULL) = (decided IS NULL)), -- person id
  position TEXT,                -- that the person decided from
  capacity TEXT,                -- in which it was held
  letter TEXT,                  -- letter id of the record of destruction (berita acara)
  done INTEGER,                 -- microseconds UTC when it was carried out whole
  done_by TEXT CHECK (done_by IS NOT NULL OR done IS NULL) -- person id of who began it
) WITHOUT ROWID;

CREATE TABLE disposal_item (
  disposal TEXT NOT NULL REFERENCES disposal (id),
  n INTEGER NOT NULL CHECK (n >= 1),
  berkas TEXT NOT NULL,
  PRIMARY KEY (disposal, n)
) WITHOUT ROWID;
CREATE INDEX disposal_item_berkas ON disposal_item (berkas);

-- What those who appraise said.  Why stands in the journal.
CREATE TABLE disposal_opinion (
  disposal TEXT NOT NULL REFERENCES disposal (id),
  n INTEGER NOT NULL CHECK (n >= 1),
  at INTEGER NOT NULL,          -- microseconds UTC
  person TEXT NOT NULL,         -- person id
  position TEXT NOT NULL,       -- that it was given from
  view TEXT NOT NULL CHECK (view IN ('agree', 'disagree')),
  PRIMARY KEY (disposal, n)
) WITHOUT ROWID;
