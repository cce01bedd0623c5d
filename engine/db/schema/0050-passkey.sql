-- Passkeys: keys that a person's device keeps, of which the office has the public half (Web
-- Authentication).  Kept by backups alone, as all that is at the door.
CREATE TABLE login_passkey (
  id BLOB PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 1023), -- of the credential, by the device
  person TEXT NOT NULL REFERENCES login (person),
  label TEXT NOT NULL CHECK (label <> ''),          -- the person's own name of it
  algorithm INTEGER NOT NULL,                       -- of COSE (RFC 9053): -7, -8 or -257
  key BLOB NOT NULL,                                -- public; as libfido2 has it
  counter INTEGER NOT NULL CHECK (counter >= 0),    -- of signatures, by the device; 0: it counts none
  made INTEGER NOT NULL,                            -- microseconds UTC
  used INTEGER                                      -- the same; NULL: never
) WITHOUT ROWID;
CREATE INDEX login_passkey_person ON login_passkey (person);
-- What was answered: each question is answered once.
CREATE TABLE login_answered (
  question BLOB PRIMARY KEY CHECK (length(question) = 32), -- SHA-256
  until INTEGER NOT NULL                            -- microseconds UTC: then it is too old anyway
) WITHOUT ROWID;
CREATE INDEX login_answered_until ON login_answered (until);
