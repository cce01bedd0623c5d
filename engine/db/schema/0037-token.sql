-- Tokens by which programs act for a person.  Kept by backups alone.
CREATE TABLE api_token (
  token BLOB PRIMARY KEY CHECK (length(token) = 32), -- SHA-256
  id TEXT NOT NULL UNIQUE CHECK (id <> ''),          -- for lists and for ending it
  person TEXT NOT NULL CHECK (person <> ''),         -- person id: who made it, and as whom it acts
  label TEXT NOT NULL CHECK (label <> ''),           -- what it is for, in his words
  scopes TEXT NOT NULL CHECK (scopes <> ''),         -- what it may do; parted by blanks
  made INTEGER NOT NULL,                             -- microseconds UTC
  until INTEGER NOT NULL CHECK (until > made),       -- the same: refused from then on
  used INTEGER NOT NULL                              -- the same, to an hour; 0: never
) WITHOUT ROWID;
CREATE INDEX api_token_person ON api_token (person);
CREATE INDEX api_token_until ON api_token (until);
