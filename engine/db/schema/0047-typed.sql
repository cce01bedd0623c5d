-- What somebody types into a letter and has not stored yet, and who is writing a letter now.  Kept by
-- backups alone.
CREATE TABLE typed (
  person TEXT NOT NULL CHECK (person <> ''), -- person id: nobody else is shown it
  place TEXT NOT NULL CHECK (place <> ''),   -- letter id, or "baru/KIND" of a new one
  at INTEGER NOT NULL,                       -- microseconds UTC of the last key
  sealed BLOB NOT NULL,                      -- the form's fields as JSON, under a key of person and place
  PRIMARY KEY (person, place)
) WITHOUT ROWID;
CREATE INDEX typed_at ON typed (at);
-- One at a time; whoever it is, what is stored is guarded by the letter's version.
CREATE TABLE letter_lease (
  letter TEXT PRIMARY KEY CHECK (letter <> ''), -- letter id
  person TEXT NOT NULL CHECK (person <> ''),    -- person id of who writes it
  since INTEGER NOT NULL,                       -- microseconds UTC
  until INTEGER NOT NULL                        -- microseconds UTC; over from then on
) WITHOUT ROWID;
CREATE INDEX letter_lease_until ON letter_lease (until);
