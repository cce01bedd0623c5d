-- At the door: accounts, second factors, sessions, and what is counted against those who guess.
-- Kept by backups alone; no letter's record has any of it.
CREATE TABLE login (
  person TEXT PRIMARY KEY CHECK (person <> ''),     -- person id
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),     -- as typed, small letters
  password TEXT,                                    -- argon2id in its own notation; NULL: none
  given INTEGER NOT NULL CHECK (given = 0 OR given = 1), -- by somebody else: to be changed first
  since INTEGER NOT NULL                            -- of the password; microseconds UTC
) WITHOUT ROWID;
CREATE TABLE login_code (
  person TEXT PRIMARY KEY REFERENCES login (person),
  secret BLOB NOT NULL CHECK (length(secret) = 60), -- nonce and sealed secret
  step INTEGER NOT NULL                             -- the last that was taken; 30 seconds each
) WITHOUT ROWID;
CREATE TABLE login_recovery (
  person TEXT NOT NULL REFERENCES login (person),
  code BLOB NOT NULL CHECK (length(code) = 32),     -- SHA-256
  PRIMARY KEY (person, code)
) WITHOUT ROWID;
CREATE TABLE login_device (
  token BLOB PRIMARY KEY CHECK (length(token) = 32), -- SHA-256
  person TEXT NOT NULL REFERENCES login (person),
  since INTEGER NOT NULL                            -- microseconds UTC
) WITHOUT ROWID;
CREATE INDEX login_device_person ON login_device (person);
CREATE TABLE login_try (
  who BLOB PRIMARY KEY CHECK (length(who) = 32),    -- SHA-256 of name, address or device
  failures INTEGER NOT NULL CHECK (failures > 0),   -- one after the other
  at INTEGER NOT NULL                               -- of the last; microseconds UTC
) WITHOUT ROWID;
CREATE INDEX login_try_at ON login_try (at);
CREATE TABLE session (
  token BLOB PRIMARY KEY CHECK (length(token) = 32), -- SHA-256
  id TEXT NOT NULL UNIQUE CHECK (id <> ''),         -- for lists; stays when the token changes
  person TEXT NOT NULL REFERENCES login (person),
  agent TEXT NOT NULL,                              -- what the browser calls itself, shortened
  address TEXT NOT NULL,                            -- from where it was begun
  begun INTEGER NOT NULL,                           -- microseconds UTC
  seen INTEGER NOT NULL,                            -- the same, to a minute
  proved INTEGER NOT NULL                           -- the same: the person showed that it is he
) WITHOUT ROWID;
CREATE INDEX session_person ON session (person);
