-- What happened at the door to each person, so that he can see whether it was he.  The journal has
-- the same for ever and without addresses; these rows go after some months.  Kept by backup alone.
CREATE TABLE login_event (
  person TEXT NOT NULL,             -- person id
  at INTEGER NOT NULL,              -- microseconds UTC
  action TEXT NOT NULL CHECK (action <> ''), -- as in the journal
  agent TEXT NOT NULL,              -- what the browser called itself; '' not known
  address TEXT NOT NULL,            -- where from; '' not known
  PRIMARY KEY (person, at, action)
) WITHOUT ROWID;
