-- Which letters hold which large files: those lie under blob/ beside the database, named by their
-- digest, and git holds a few lines that name them.
CREATE TABLE blob (
  letter TEXT NOT NULL,                                    -- letter id, or 'office/...'
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),        -- of the file, and its name
  size INTEGER NOT NULL CHECK (size >= 0),                 -- bytes of the file
  PRIMARY KEY (letter, sha256)
) WITHOUT ROWID;
CREATE INDEX blob_file ON blob (sha256);
