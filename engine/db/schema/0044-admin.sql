-- Who looks after the office on its pages, as the owner of the folder says, and what people look
-- for again and again.  Kept by backups alone.
CREATE TABLE administrator (
  person TEXT PRIMARY KEY,          -- person id
  since INTEGER NOT NULL            -- microseconds UTC
) WITHOUT ROWID;
CREATE TABLE saved_search (
  person TEXT NOT NULL,             -- person id
  place TEXT NOT NULL CHECK (place = 'tugas' OR place = 'arsip'), -- the page
  name TEXT NOT NULL CHECK (name <> ''),
  query TEXT NOT NULL,              -- of the page's address, without '?'
  PRIMARY KEY (person, place, name)
) WITHOUT ROWID;
-- The newest changes of all histories.
CREATE INDEX journal_at ON journal (at);
