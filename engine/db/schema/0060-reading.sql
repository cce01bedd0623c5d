-- When a person read a secret letter last, by kind of reading: another within some minutes is the
-- same one.  Each reading is an entry of the letter's journal, from which this is made again.
CREATE TABLE reading (
  letter TEXT NOT NULL REFERENCES letter (id),
  person TEXT NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('opened', 'taken', 'history')),
  at INTEGER NOT NULL,          -- microseconds UTC
  PRIMARY KEY (letter, person, how)
) WITHOUT ROWID;
