-- Checkpoints of the log that an authority outside has put the time on (RFC 3161).  Kept by backups
-- alone.
CREATE TABLE anchor (
  n INTEGER PRIMARY KEY,
  generation INTEGER NOT NULL CHECK (generation >= 1), -- of the log
  size INTEGER NOT NULL CHECK (size >= 1),             -- leaves that it covers
  checkpoint TEXT NOT NULL, -- the signed note, as it was stamped
  token BLOB NOT NULL,      -- TimeStampToken, DER
  at INTEGER NOT NULL       -- microseconds UTC, as the token says
);
-- When the next one is to be had.
CREATE TABLE anchor_due (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  due INTEGER NOT NULL,     -- microseconds UTC
  tries INTEGER NOT NULL,   -- in vain, since the last one
  fault TEXT NOT NULL       -- of the last try; '': none
);
INSERT INTO anchor_due (one, due, tries, fault) VALUES (1, 0, 0, '');
