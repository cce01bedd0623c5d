-- Git objects of letters and of the office itself.  Never changed, only added, until a letter is
-- destroyed.
CREATE TABLE object (
  letter TEXT NOT NULL,     -- letter id, or 'office/...'
  oid BLOB NOT NULL CHECK (length(oid) = 20),              -- SHA-1 of the git object
  kind INTEGER NOT NULL CHECK (kind IN (1, 2, 3)),         -- git's types: 1 commit, 2 tree, 3 blob
  size INTEGER NOT NULL CHECK (size >= 0),                 -- bytes of the object's content
  codec INTEGER NOT NULL CHECK (codec IN (0, 1)),          -- of data: 0 as it is, 1 zstd frame
  data BLOB NOT NULL CHECK (codec <> 0 OR length(data) = size), -- the object's content
  PRIMARY KEY (letter, oid)
);

-- The newest version of each history.
CREATE TABLE head (
  letter TEXT NOT NULL PRIMARY KEY,                        -- letter id, or 'office/...'
  ref TEXT NOT NULL UNIQUE,                                -- name of the git ref
  oid BLOB NOT NULL CHECK (length(oid) = 20),              -- of the newest commit
  repository TEXT,                                         -- where it is projected; NULL: nowhere
  version INTEGER NOT NULL CHECK (version >= 1),           -- number of commits
  FOREIGN KEY (letter, oid) REFERENCES object (letter, oid)
);
CREATE INDEX head_repository ON head (repository, ref) WHERE repository IS NOT NULL;
