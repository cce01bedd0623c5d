-- Letters that were made together, from one text and a table of addressees.
CREATE TABLE letter_batch (
  letter TEXT NOT NULL REFERENCES letter (id),
  batch TEXT NOT NULL CHECK (batch <> ''),
  line INTEGER NOT NULL CHECK (line >= 1), -- of the table, counted from 1
  PRIMARY KEY (letter)
) WITHOUT ROWID;
-- a line makes one letter, however often it is tried
CREATE UNIQUE INDEX letter_batch_line ON letter_batch (batch, line);
