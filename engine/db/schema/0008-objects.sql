-- Objects in the order of writing, under the short number of their history: the same letter id in
-- three rows and three index entries a version took more room than the version's text.

CREATE TABLE new_head (
  n INTEGER PRIMARY KEY,                                   -- short number of the history
  letter TEXT NOT NULL UNIQUE,                             -- letter id, or 'office/...'
  ref TEXT NOT NULL GENERATED ALWAYS AS (                  -- name of the git ref
    CASE WHEN substr(letter, 1, 7) = 'office/' THEN 'refs/' || letter
    ELSE 'refs/letters/' || letter END) VIRTUAL,
  oid BLOB NOT NULL CHECK (length(oid) = 20),              -- of the newest commit
  repository TEXT,                                         -- where it is projected; NULL: nowhere
  version INTEGER NOT NULL CHECK (version >= 1),           -- number of commits
  tree BLOB CHECK (length(tree) >= 20)  -- files of the newest version: SHA-1 of the git tree, then
                                        -- the tree as codec 4 of object; NULL: not kept here
);
INSERT INTO new_head (letter, oid, repository, version)
  SELECT letter, oid, repository, version FROM head ORDER BY letter;
DROP TABLE head;
ALTER TABLE new_head RENAME TO head;

CREATE TABLE new_object (
  n INTEGER PRIMARY KEY,                                   -- in the order of writing
  history INTEGER NOT NULL                                 -- of head
    REFERENCES head (n) DEFERRABLE INITIALLY DEFERRED,
  oid BLOB NOT NULL CHECK (length(oid) = 20),              -- SHA-1 of the git object
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),      -- git's types: 1 commit, 2 tree, 3 blob;
    -- not IN (1, 2, 3): SQLite makes a table of such a list at every insert
  size INTEGER NOT NULL CHECK (size >= 0),                 -- bytes of the object's content
  codec INTEGER NOT NULL CHECK (codec BETWEEN 0 AND 4),    -- of data: 0 as it is, 1 zstd frame,
    -- 2 zstd frame after the content of base, 3 zstd frame after the program's own text, 4 the
    -- program's short form of a commit or tree
  base INTEGER,                                            -- n of an older object of the history
  depth INTEGER NOT NULL CHECK (depth BETWEEN 0 AND 7),    -- bases below this one
  data BLOB NOT NULL CHECK (codec <> 0 OR length(data) = size), -- the object's content
  CHECK ((base IS NULL) = (depth = 0)),
  CHECK ((base IS NULL) = (codec <> 2)),
  CHECK (base < n)
);
INSERT INTO new_object (history, oid, kind, size, codec, depth, data)
  SELECT h.n, o.oid, o.kind, o.size, o.codec, 0, o.data
  FROM object o JOIN head h ON h.letter = o.letter ORDER BY o.rowid;

DROP TABLE object;
ALTER TABLE new_object RENAME TO object;
CREATE UNIQUE INDEX object_oid ON object (history, oid);
CREATE INDEX head_repository ON head (repository, ref) WHERE repository IS NOT NULL;
