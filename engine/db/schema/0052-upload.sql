-- Files that people are sending in pieces; the bytes that came lie in the folder "uploads".  Kept by
-- backups alone, and without the bytes: what was not there after a restore is sent again.
--
-- Some offices have it already: it came under a number below that of an older step.
CREATE TABLE IF NOT EXISTS upload (
  id TEXT PRIMARY KEY CHECK (id <> ''),            -- also the file's name
  person TEXT NOT NULL CHECK (person <> ''),       -- person id: nobody else knows of it
  name TEXT NOT NULL CHECK (name <> ''),           -- what the sender calls the file
  size INTEGER NOT NULL CHECK (size > 0),          -- bytes of the whole
  received INTEGER NOT NULL CHECK (received >= 0 AND received <= size), -- durable bytes
  wanted TEXT,                                     -- SHA-256 that the sender says it has, hex
  sha256 TEXT,                                     -- that which it has, when it is there whole
  until INTEGER NOT NULL,                          -- microseconds UTC; gone from then on
  used INTEGER NOT NULL CHECK (used = 0 OR used = 1) -- it is part of a letter by now
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS upload_person ON upload (person);
CREATE INDEX IF NOT EXISTS upload_until ON upload (until);
