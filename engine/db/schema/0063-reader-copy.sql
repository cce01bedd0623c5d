-- Who was shown or given a copy of a secret letter, by the number that stands on it.  Each is an
-- entry of the letter's journal, from which this is made again.
CREATE TABLE reader_copy (
  letter TEXT NOT NULL REFERENCES letter (id),
  entry INTEGER NOT NULL,       -- its number in the letter's journal
  number TEXT NOT NULL,         -- as it stands on the copy
  person TEXT NOT NULL,
  position TEXT,                -- through which the person reads
  what TEXT NOT NULL CHECK (what IN ('screen', 'pages', 'file', 'xml', 'addressee', 'sheet',
    'original')),
  sha256 TEXT NOT NULL,         -- of what it was made of
  at INTEGER NOT NULL,          -- microseconds UTC
  PRIMARY KEY (letter, entry)
) WITHOUT ROWID;
CREATE INDEX reader_copy_number ON reader_copy (number);
