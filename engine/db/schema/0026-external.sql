-- What letters are called in an application beside this office, such as the national one.
CREATE TABLE letter_external (
  letter TEXT NOT NULL REFERENCES letter (id),
  system TEXT NOT NULL CHECK (system <> ''),
  number TEXT NOT NULL CHECK (number <> ''), -- as that application gave it
  id TEXT NOT NULL,             -- of the letter there; '' if it has none
  at INTEGER NOT NULL,          -- microseconds UTC when it was entered
  PRIMARY KEY (letter, system)
) WITHOUT ROWID;
CREATE UNIQUE INDEX letter_external_id ON letter_external (system, id) WHERE id <> '';
