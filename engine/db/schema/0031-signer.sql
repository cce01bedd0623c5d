-- Who signs with which key.  Kept by backup alone: no history says it, and no secret is in it.
CREATE TABLE signer (
  name TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL
    CHECK (kind = 'pkcs12' OR kind = 'pkcs11' OR kind = 'csc' OR kind = 'bsre'),
  settings TEXT NOT NULL,         -- JSON object in canonical form
  at INTEGER NOT NULL             -- microseconds UTC of the last change
) WITHOUT ROWID;
CREATE TABLE signer_key (
  person TEXT NOT NULL PRIMARY KEY, -- person id
  signer TEXT NOT NULL REFERENCES signer (name),
  key TEXT NOT NULL CHECK (key <> ''), -- what the signer calls it
  fingerprint TEXT NOT NULL       -- SHA-256 of the certificate expected, hex; '' any
    CHECK (fingerprint = '' OR length(fingerprint) = 64),
  chain TEXT NOT NULL,            -- that certificate and its issuers, PEM; '' not known
  at INTEGER NOT NULL,            -- microseconds UTC of the assignment
  CHECK ((fingerprint = '') = (chain = ''))
) WITHOUT ROWID;
CREATE INDEX signer_key_signer ON signer_key (signer);
