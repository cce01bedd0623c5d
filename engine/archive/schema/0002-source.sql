-- From what the words of a letter were made: while that is the same they need not be read again.
ALTER TABLE doc ADD COLUMN source BLOB NOT NULL DEFAULT x'' -- SHA-256; x'': not known
  CHECK (length(source) IN (0, 32));
