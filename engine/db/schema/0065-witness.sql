-- Witnesses outside (c2sp.org/tlog-witness) that are asked to cosign the log's checkpoints.  Kept by
-- backups alone, as what they signed.
CREATE TABLE witness (
  name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''), -- as its key says
  vkey TEXT NOT NULL,       -- its public key
  url TEXT NOT NULL CHECK (url <> ''),
  since INTEGER NOT NULL,   -- microseconds UTC
  due INTEGER NOT NULL,     -- the same: not asked before
  tries INTEGER NOT NULL CHECK (tries >= 0), -- in vain, since it signed last
  fault TEXT NOT NULL,      -- of the last try; '': none
  claims INTEGER NOT NULL CHECK (claims >= 0) -- entries that it says it signed, of another log than
                            -- this one is now; nothing proves it; 0: it says nothing like that
) WITHOUT ROWID;
-- Checkpoints that they signed: of each witness the last of every day (UTC).
CREATE TABLE cosignature (
  generation INTEGER NOT NULL CHECK (generation >= 1), -- of the log
  size INTEGER NOT NULL CHECK (size >= 1),             -- leaves that it covers
  vkey TEXT NOT NULL,       -- whose, also of a witness that is asked no more
  checkpoint TEXT NOT NULL, -- signed note, with the log's line and the witness's
  at INTEGER NOT NULL,      -- microseconds UTC, as the witness says
  PRIMARY KEY (generation, size, vkey)
) WITHOUT ROWID;
