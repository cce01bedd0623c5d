-- Whom a provider of identities (OpenID Connect) knows by which name.  Kept by backups alone, as all
-- that is at the door.
CREATE TABLE login_subject (
  issuer TEXT NOT NULL CHECK (issuer <> ''),        -- of the provider, as it calls itself
  subject TEXT NOT NULL CHECK (subject <> ''),      -- its name of the person
  person TEXT NOT NULL REFERENCES login (person),
  made INTEGER NOT NULL,                            -- microseconds UTC
  used INTEGER,                                     -- the same; NULL: never
  PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;
CREATE UNIQUE INDEX login_subject_person ON login_subject (person, issuer);
