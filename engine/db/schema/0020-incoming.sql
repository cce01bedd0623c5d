-- Letters that come in: a state of their own while they are handled, and an index of what they are
-- known by.
CREATE TABLE new_letter (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,           -- issuing unit: the drafter's
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  security TEXT NOT NULL,
  urgency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state = 'draft' OR state = 'review' OR state = 'signing'
    OR state = 'received' OR state = 'signed' OR state = 'archived' OR state = 'withdrawn'),
  locked INTEGER NOT NULL CHECK (locked BETWEEN 0 AND 1), -- 1: number and date are in, nobody edits
  drafter TEXT NOT NULL,        -- position
  drafter_person TEXT NOT NULL, -- person who made the draft
  number TEXT,                  -- as printed, once it is taken
  letter_date TEXT,             -- YYYY-MM-DD, once the number is taken
  draft TEXT,                   -- version (git oid) before number and date came in; NULL: not locked
  content BLOB NOT NULL CHECK (length(content) = 32), -- digest that a paraf binds
  kind_version TEXT NOT NULL,
  profile TEXT NOT NULL,
  profile_version TEXT NOT NULL,
  workflow TEXT NOT NULL,
  workflow_version TEXT NOT NULL,
  flow TEXT NOT NULL,           -- where the workflow stands, JSON
  created INTEGER NOT NULL,     -- microseconds UTC
  changed INTEGER NOT NULL,     -- microseconds UTC
  dispatched INTEGER            -- microseconds UTC; NULL: not sent yet
) WITHOUT ROWID;
INSERT INTO new_letter (id, unit, kind, subject, security, urgency, state, locked, drafter,
    drafter_person, number, letter_date, draft, content, kind_version, profile, profile_version,
    workflow, workflow_version, flow, created, changed, dispatched)
  SELECT id, unit, kind, subject, security, urgency, state, locked, drafter, drafter_person, number,
    letter_date, draft, content, kind_version, profile, profile_version, workflow,
    workflow_version, flow, created, changed, dispatched FROM letter ORDER BY id;
DROP TABLE letter;
ALTER TABLE new_letter RENAME TO letter;
CREATE INDEX letter_number ON letter (number) WHERE number IS NOT NULL;
CREATE INDEX letter_end ON letter (substr(id, -12)); -- the short form that people write

CREATE TABLE incoming (
  letter TEXT PRIMARY KEY REFERENCES letter (id),
  unit TEXT NOT NULL,           -- whose agenda
  agenda TEXT,                  -- number in the agenda as printed; NULL: not entered yet
  at INTEGER NOT NULL,          -- microseconds UTC of the receipt
  channel TEXT NOT NULL,        -- of the profile
  origin TEXT NOT NULL,         -- the sender as written
  place TEXT NOT NULL,          -- of the sender, or ''
  number TEXT NOT NULL,         -- the sender's own, or ''
  dated TEXT NOT NULL,          -- the sender's date, YYYY-MM-DD, or ''
  due TEXT NOT NULL,            -- by when it is to be answered, YYYY-MM-DD, or ''
  unopened INTEGER NOT NULL CHECK (unopened BETWEEN 0 AND 1), -- 1: registered by its envelope
  sender TEXT NOT NULL,         -- origin and number, folded to be compared; '' without a number
  file TEXT NOT NULL CHECK (file = '' OR length(file) = 64),  -- SHA-256 of the scan in hex, or ''
  words TEXT NOT NULL,          -- signature of the scan's words in hex, or ''
  forwarded INTEGER             -- microseconds UTC when it was passed on; NULL: not yet
) WITHOUT ROWID;
CREATE INDEX incoming_agenda ON incoming (unit, at, letter);
CREATE INDEX incoming_agenda_number ON incoming (agenda) WHERE agenda IS NOT NULL;
CREATE INDEX incoming_number ON incoming (number) WHERE number <> '';
CREATE INDEX incoming_sender ON incoming (sender) WHERE sender <> '';
CREATE INDEX incoming_file ON incoming (file) WHERE file <> '';

-- Parts of those signatures: letters of nearly the same words share at least one.
CREATE TABLE incoming_band (
  band INTEGER NOT NULL CHECK (band BETWEEN 0 AND 7), -- which part
  value INTEGER NOT NULL,       -- of the signature there, hashed
  letter TEXT NOT NULL REFERENCES letter (id),
  PRIMARY KEY (band, value, letter)
) WITHOUT ROWID;
CREATE INDEX incoming_band_letter ON incoming_band (letter);
