-- Who was told that the legal term of an application comes to its end: what its letter's record
-- keeps of it.
CREATE TABLE notice (
  letter TEXT NOT NULL REFERENCES letter (id),
  position TEXT NOT NULL,       -- position id, to which the letter is open since
  rung TEXT NOT NULL            -- of the ladder
    CHECK (rung = 'warn' OR rung = 'escalate' OR rung = 'deemed'),
  at INTEGER NOT NULL,          -- microseconds UTC
  done INTEGER CHECK (done = 1), -- the application was decided, or filed; NULL: not yet
  PRIMARY KEY (letter, position, rung)
) WITHOUT ROWID;
CREATE INDEX notice_open ON notice (position, letter, rung) WHERE done IS NULL;
