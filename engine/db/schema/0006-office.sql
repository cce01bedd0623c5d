-- What the use cases keep: settings, rules of the agency, and an index of letters and tasks.
-- Letters and tasks can be made again from git objects and journal; settings and rules are kept by
-- their own commits under refs/office.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- Kinds, profiles, workflows and calendars, each in every version that was ever in force.
CREATE TABLE rule (
  type TEXT NOT NULL CHECK (type IN ('kind', 'profile', 'workflow', 'calendar')),
  name TEXT NOT NULL,
  version TEXT NOT NULL,        -- first 16 hex digits of the content's SHA-256
  content BLOB NOT NULL,        -- the XML file as it was loaded
  at INTEGER NOT NULL,          -- microseconds UTC when it was loaded
  in_force INTEGER NOT NULL CHECK (in_force IN (0, 1)),
  PRIMARY KEY (type, name, version)
);
CREATE UNIQUE INDEX rule_in_force ON rule (type, name) WHERE in_force = 1;

CREATE TABLE letter (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,           -- issuing unit: the drafter's
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  security TEXT NOT NULL,
  urgency TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('draft', 'review', 'signing', 'signed', 'archived', 'withdrawn')),
  locked INTEGER NOT NULL CHECK (locked IN (0, 1)), -- 1: number and date are in, nobody edits
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
);
CREATE INDEX letter_unit ON letter (unit, changed);
CREATE INDEX letter_number ON letter (number) WHERE number IS NOT NULL;
CREATE INDEX letter_end ON letter (substr(id, -12)); -- the short form that people write

CREATE TABLE task (
  letter TEXT NOT NULL REFERENCES letter (id),
  key TEXT NOT NULL,            -- of the flow, unique in the letter
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('draft', 'review', 'sign', '')),
  outcomes TEXT NOT NULL,       -- allowed ones, parted by blanks
  opened INTEGER NOT NULL,      -- microseconds UTC
  closed INTEGER,               -- microseconds UTC; NULL: waiting
  outcome TEXT,
  person TEXT,                  -- who did it
  PRIMARY KEY (letter, key)
);

-- Tasks belong to positions.  Only waiting ones stand here.
CREATE TABLE inbox (
  position TEXT NOT NULL,
  opened INTEGER NOT NULL,      -- microseconds UTC
  letter TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (position, opened, letter, key),
  FOREIGN KEY (letter, key) REFERENCES task (letter, key)
) WITHOUT ROWID;
CREATE INDEX inbox_task ON inbox (letter, key);

-- A reviewer's word on a content.  Valid while the letter's content is this content.
CREATE TABLE paraf (
  letter TEXT NOT NULL REFERENCES letter (id),
  n INTEGER NOT NULL,           -- counted from 1
  position TEXT NOT NULL,
  person TEXT NOT NULL,
  capacity TEXT NOT NULL,       -- definitive, plt, plh
  content BLOB NOT NULL CHECK (length(content) = 32),
  at INTEGER NOT NULL,          -- microseconds UTC
  voided INTEGER,               -- microseconds UTC when the content changed; NULL: holds
  PRIMARY KEY (letter, n)
);

-- One signature of a letter, from the frozen pages to the stored result.
CREATE TABLE signing (
  letter TEXT NOT NULL REFERENCES letter (id),
  n INTEGER NOT NULL,           -- which signatory, counted from 1
  state TEXT NOT NULL
    CHECK (state IN ('reserved', 'prepared', 'authorised', 'answered', 'stored', 'returned', 'refused')),
  field TEXT NOT NULL,          -- signature field in the PDF
  position TEXT NOT NULL,
  person TEXT NOT NULL,
  capacity TEXT NOT NULL,       -- definitive, plt, plh, an, ub
  pdf BLOB CHECK (length(pdf) = 32),     -- SHA-256 of the pages shown; from 'prepared' on
  answer BLOB,                  -- the signed PDF as the signer gave it, until it is stored
  at INTEGER NOT NULL,          -- microseconds UTC of the last step
  PRIMARY KEY (letter, n)
);

-- Through which positions a letter may be read.
CREATE TABLE reader (
  position TEXT NOT NULL,
  letter TEXT NOT NULL REFERENCES letter (id),
  level TEXT NOT NULL           -- route: acts or acted in it; delivery: it was sent to them
    CHECK (level IN ('route', 'delivery')),
  PRIMARY KEY (position, letter)
) WITHOUT ROWID;
CREATE INDEX reader_letter ON reader (letter);

-- Who has a part in a letter, as its content says.
CREATE TABLE route (
  letter TEXT NOT NULL REFERENCES letter (id),
  role TEXT NOT NULL CHECK (role IN ('reviewer', 'signatory', 'to', 'copy')),
  n INTEGER NOT NULL,           -- counted from 1 within the role
  position TEXT NOT NULL,       -- '' for somebody outside
  capacity TEXT NOT NULL,       -- of a signatory; else ''
  mandate TEXT NOT NULL,        -- of a signatory, if it names one; else ''
  PRIMARY KEY (letter, role, n)
);
