-- Rows lie in the order of their keys, which begin with the letter: nothing is written twice, once
-- as row and once as index, and what belongs to a letter lies together.
--
-- Not "IN (a, b, c)" in a CHECK: SQLite makes a table of such a list at every insert.
CREATE TABLE new_letter (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,           -- issuing unit: the drafter's
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  security TEXT NOT NULL,
  urgency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state = 'draft' OR state = 'review' OR state = 'signing'
    OR state = 'signed' OR state = 'archived' OR state = 'withdrawn'),
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

CREATE TABLE new_journal (
  letter TEXT NOT NULL,     -- letter id, or 'office/...'
  letter_seq INTEGER NOT NULL CHECK (letter_seq >= 1),     -- from 1 without gaps
  at INTEGER NOT NULL,      -- microseconds UTC
  entry BLOB NOT NULL CHECK (length(entry) <= 65535),      -- canonical JSON
  hash BLOB NOT NULL CHECK (length(hash) = 32),            -- SHA-256 of entry
  PRIMARY KEY (letter, letter_seq)
) WITHOUT ROWID;
INSERT INTO new_journal (letter, letter_seq, at, entry, hash)
  SELECT letter, letter_seq, at, entry, hash FROM journal ORDER BY letter, letter_seq;
DROP TRIGGER journal_is_not_changed;
DROP TRIGGER journal_is_not_cut;
DROP TABLE journal;
ALTER TABLE new_journal RENAME TO journal;
CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER journal_is_not_cut BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;

CREATE TABLE new_task (
  letter TEXT NOT NULL REFERENCES letter (id),
  key TEXT NOT NULL,            -- of the flow, unique in the letter
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role = 'draft' OR role = 'review' OR role = 'sign'
    OR role = ''),
  outcomes TEXT NOT NULL,       -- allowed ones, parted by blanks
  opened INTEGER NOT NULL,      -- microseconds UTC
  closed INTEGER,               -- microseconds UTC; NULL: waiting
  outcome TEXT,
  person TEXT,                  -- who did it
  PRIMARY KEY (letter, key)
) WITHOUT ROWID;
INSERT INTO new_task (letter, key, name, role, outcomes, opened, closed, outcome, person)
  SELECT letter, key, name, role, outcomes, opened, closed, outcome, person FROM task
  ORDER BY letter, key;
DROP TABLE task;
ALTER TABLE new_task RENAME TO task;

CREATE TABLE new_route (
  letter TEXT NOT NULL REFERENCES letter (id),
  role TEXT NOT NULL CHECK (role = 'reviewer' OR role = 'signatory'
    OR role = 'to' OR role = 'copy'),
  n INTEGER NOT NULL,           -- counted from 1 within the role
  position TEXT NOT NULL,       -- '' for somebody outside
  capacity TEXT NOT NULL,       -- of a signatory; else ''
  mandate TEXT NOT NULL,        -- of a signatory, if it names one; else ''
  PRIMARY KEY (letter, role, n)
) WITHOUT ROWID;
INSERT INTO new_route (letter, role, n, position, capacity, mandate)
  SELECT letter, role, n, position, capacity, mandate FROM route ORDER BY letter, role, n;
DROP TABLE route;
ALTER TABLE new_route RENAME TO route;
