-- What is left of a letter that was destroyed.  Its history has one version, without a parent, whose
-- record says what stands here; its journal is whole, but for the texts beside it.
CREATE TABLE residual (
  letter TEXT PRIMARY KEY,      -- letter id
  unit TEXT NOT NULL,           -- unit id
  kind TEXT NOT NULL,
  security TEXT NOT NULL,
  state TEXT NOT NULL,          -- in which it was filed
  created INTEGER NOT NULL,     -- microseconds UTC
  number TEXT,                  -- as printed; NULL: it had none
  letter_date TEXT,             -- YYYY-MM-DD; NULL: it had none
  content TEXT NOT NULL CHECK (length(content) = 64), -- SHA-256 that parafs bound, in hex
  versions INTEGER NOT NULL CHECK (versions >= 1),    -- that its history had
  entries INTEGER NOT NULL CHECK (entries >= 1),      -- that its journal had before the last one
  berkas TEXT NOT NULL,         -- file of records that it was in
  code TEXT NOT NULL,           -- class
  disposal TEXT NOT NULL,       -- by which proposal it went
  record TEXT NOT NULL,         -- letter id of the record of destruction
  at INTEGER NOT NULL,          -- microseconds UTC of the destruction
  by TEXT NOT NULL,             -- person id
  readers TEXT NOT NULL         -- positions that may know of it, parted by blanks
) WITHOUT ROWID;
CREATE INDEX residual_number ON residual (number) WHERE number IS NOT NULL;

-- Large files that a disposal is still to take off the disk.
CREATE TABLE disposal_blob (
  disposal TEXT NOT NULL REFERENCES disposal (id),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64), -- in hex
  PRIMARY KEY (disposal, sha256)
) WITHOUT ROWID;
