-- A signature is a session with states of its own.
--
--     reserved -> prepared -> authorised -> sent -> answered -> checked -> stored
--                                            |         |
--     refused, expired: to be authorised anew          |     returned: the letter went back
--     unknown: the signer is asked before anything else      late: and an answer came after that
CREATE TABLE new_signing (
  letter TEXT NOT NULL REFERENCES letter (id),
  n INTEGER NOT NULL,           -- which signatory, counted from 1
  state TEXT NOT NULL CHECK (state = 'reserved' OR state = 'prepared' OR state = 'authorised'
    OR state = 'sent' OR state = 'answered' OR state = 'checked' OR state = 'stored'
    OR state = 'refused' OR state = 'expired' OR state = 'unknown' OR state = 'returned'
    OR state = 'late'),
  field TEXT NOT NULL,          -- signature field in the PDF
  position TEXT NOT NULL,
  person TEXT NOT NULL,
  capacity TEXT NOT NULL,       -- definitive, plt, plh, an, ub
  pdf BLOB CHECK (length(pdf) = 32),     -- SHA-256 of the pages shown; from 'prepared' on
  at INTEGER NOT NULL,          -- microseconds UTC of the last step
  PRIMARY KEY (letter, n)
);
-- An answer of before has no session: it is evidence, and its signatory is asked again.
INSERT INTO new_signing (letter, n, state, field, position, person, capacity, pdf, at)
  SELECT letter, n, CASE state WHEN 'answered' THEN 'authorised' ELSE state END, field, position,
    person, capacity, pdf, at FROM signing ORDER BY letter, n;
DROP TABLE signing;
ALTER TABLE new_signing RENAME TO signing;
CREATE INDEX signing_paper ON signing (pdf) WHERE field = 'paper';
CREATE INDEX signing_open ON signing (letter) WHERE state = 'authorised' OR state = 'sent'
  OR state = 'answered' OR state = 'checked' OR state = 'unknown';

-- Answers that may not become the letter: they came after it went back, or did not hold.
CREATE TABLE signing_evidence (
  letter TEXT NOT NULL,         -- letter id
  session TEXT NOT NULL,        -- of which it was the answer
  at INTEGER NOT NULL,          -- microseconds UTC
  answer BLOB NOT NULL,         -- as the signer gave it
  PRIMARY KEY (letter, session)
);
INSERT INTO signing_evidence (letter, session, at, answer)
  SELECT letter, 'before-' || n, at, answer FROM signing_answer;
DELETE FROM signing_answer;

-- What a signer was asked for.  Kept by backup alone: no history says it, and without it an answer
-- that comes later could not be put to use.  No foreign keys: rows of signing are an index.
CREATE TABLE signing_session (
  letter TEXT NOT NULL,         -- letter id
  n INTEGER NOT NULL,           -- which signatory, as in signing
  session TEXT NOT NULL UNIQUE, -- id; every authorisation is a new one
  signer TEXT NOT NULL,         -- name of the signer; '' a key in a file
  chain TEXT NOT NULL,          -- expected certificates, PEM, the signatory's first; '' none yet
  digest BLOB CHECK (length(digest) = 32), -- what the signer is to sign
  whole INTEGER NOT NULL CHECK (whole BETWEEN 0 AND 1), -- 1: it answers with the signed PDF
  scheme INTEGER NOT NULL,      -- of the signature value, as NskScheme
  signed_at INTEGER NOT NULL,   -- microseconds UTC, the time that the signature claims
  offset INTEGER NOT NULL,      -- minutes east of UTC that are shown with it
  place TEXT NOT NULL,          -- that the signature names
  name TEXT NOT NULL,           -- the same: of the signatory
  handle TEXT NOT NULL,         -- by which the signer knows it; '' none
  tries INTEGER NOT NULL CHECK (tries >= 0), -- wrong secrets in a row
  waits TEXT NOT NULL CHECK (waits = '' OR waits = 'service' OR waits = 'time-stamp'
    OR waits = 'secret'),       -- for what, if for anything but the signatory
  again INTEGER,                -- microseconds UTC before which nothing is tried; NULL: any time
  asked INTEGER NOT NULL CHECK (asked >= 0), -- how often it was tried in vain
  batch TEXT NOT NULL,          -- digest of all that were confirmed together; '' alone
  PRIMARY KEY (letter, n)
) WITHOUT ROWID;

-- Signatures that are completed by what others prove, and renewed before that can no longer be
-- judged (PAdES-BASELINE-LT, -LTA).  Kept by backup alone.
CREATE TABLE preservation (
  letter TEXT PRIMARY KEY,      -- letter id
  wanted TEXT NOT NULL CHECK (wanted = 'LT' OR wanted = 'LTA'),
  level TEXT NOT NULL CHECK (level = 'B' OR level = 'T' OR level = 'LT' OR level = 'LTA'), -- reached
  due INTEGER,                  -- microseconds UTC when something is to be done; NULL: nothing
  renew INTEGER,                -- microseconds UTC when the last time stamp's certificate ends
  tries INTEGER NOT NULL CHECK (tries >= 0), -- in vain, in a row
  fault TEXT NOT NULL,          -- why the last one was; ''
  authority TEXT NOT NULL       -- certificate of the last time stamp, PEM; '' none
) WITHOUT ROWID;
CREATE INDEX preservation_due ON preservation (due) WHERE due IS NOT NULL;
