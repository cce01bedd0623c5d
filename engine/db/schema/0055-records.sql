-- Files of records (berkas): letters of one matter, kept together under a class of a scheme.  Each
-- has a history of its own, "office/berkas-<id>", whose record says what stands here.  The schemes
-- themselves are rules (type 'scheme').
CREATE TABLE berkas (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,           -- unit id
  scheme TEXT NOT NULL,         -- name of the scheme
  version TEXT NOT NULL,        -- of the scheme, in force when the file was opened
  code TEXT NOT NULL,           -- class in it, which has a retention rule
  title TEXT NOT NULL CHECK (title <> ''),
  opened INTEGER NOT NULL,      -- microseconds UTC
  opened_by TEXT NOT NULL,      -- person id
  closed INTEGER,               -- microseconds UTC; NULL: open
  closed_by TEXT CHECK ((closed_by IS NULL) = (closed IS NULL)), -- person id
  counted TEXT CHECK (counted IS NULL OR closed IS NOT NULL) -- day of what its retention counts
                                -- from, YYYY-MM-DD; NULL: it has not come, or nobody entered it
) WITHOUT ROWID;
CREATE INDEX berkas_unit ON berkas (unit, opened);

CREATE TABLE berkas_item (
  berkas TEXT NOT NULL REFERENCES berkas (id),
  n INTEGER NOT NULL CHECK (n >= 1),
  letter TEXT NOT NULL UNIQUE,  -- letter id: a letter is kept in one file
  at INTEGER NOT NULL,          -- microseconds UTC
  by TEXT NOT NULL,             -- person id
  PRIMARY KEY (berkas, n)
) WITHOUT ROWID;

-- Schemes are rules, too.
CREATE TABLE rule_of_more_types (
  type TEXT NOT NULL CHECK (type IN ('kind', 'profile', 'workflow', 'calendar', 'scheme')),
  name TEXT NOT NULL,
  version TEXT NOT NULL,        -- first 16 hex digits of the content's SHA-256
  content BLOB NOT NULL,        -- the file as it was loaded: XML, of a scheme CSV
  at INTEGER NOT NULL,          -- microseconds UTC when it was loaded
  in_force INTEGER NOT NULL CHECK (in_force IN (0, 1)),
  PRIMARY KEY (type, name, version)
);
INSERT INTO rule_of_more_types (type, name, version, content, at, in_force)
  SELECT type, name, version, content, at, in_force FROM rule;
DROP TABLE rule;
ALTER TABLE rule_of_more_types RENAME TO rule;
CREATE UNIQUE INDEX rule_in_force ON rule (type, name) WHERE in_force = 1;
