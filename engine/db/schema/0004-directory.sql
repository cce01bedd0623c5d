-- The directory as an index of the office's own record.  Days are civil, 'YYYY-MM-DD', in the zone of
-- the unit; both ends belong to a period, and an open end is '9999-12-31'.  '' means "none".
CREATE TABLE unit (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL,             -- as numbers print it
  name TEXT NOT NULL CHECK (name <> ''),
  parent TEXT NOT NULL,           -- unit id; '' at the top
  place TEXT NOT NULL,
  zone TEXT NOT NULL,             -- IANA name
  archivist TEXT NOT NULL,        -- position id
  CHECK (parent <> id)
) WITHOUT ROWID;
CREATE INDEX unit_archivist ON unit (archivist) WHERE archivist <> '';

CREATE TABLE position (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,             -- unit id
  title TEXT NOT NULL CHECK (title <> ''),
  code TEXT NOT NULL,             -- post code for numbers
  echelon TEXT NOT NULL,          -- 'I.a' to 'V.b'
  superior TEXT NOT NULL,         -- position id; '' at the top
  CHECK (superior <> id)
) WITHOUT ROWID;
CREATE INDEX position_unit ON position (unit);

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  printed TEXT NOT NULL CHECK (printed <> ''),
  nip TEXT NOT NULL CHECK (nip = '' OR length(nip) = 18),
  rank TEXT NOT NULL,
  email TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX person_nip ON person (nip) WHERE nip <> '';

-- Who holds a position.
CREATE TABLE holding (
  position TEXT NOT NULL,         -- position id
  person TEXT NOT NULL,           -- person id
  since TEXT NOT NULL,            -- first day
  until TEXT NOT NULL,            -- last day
  capacity TEXT NOT NULL CHECK (capacity IN ('definitive', 'plt', 'plh')),
  PRIMARY KEY (position, person, since),
  CHECK (since <= until)
) WITHOUT ROWID;
CREATE INDEX holding_person ON holding (person, position);

CREATE TABLE mandate (
  id TEXT PRIMARY KEY,
  giver TEXT NOT NULL,            -- position id
  receiver TEXT NOT NULL,         -- position id
  capacity TEXT NOT NULL CHECK (capacity IN ('an', 'ub', 'plt', 'plh')),
  kinds TEXT NOT NULL,            -- sorted, each between blanks as in ' surat-dinas '; '' for all
  since TEXT NOT NULL,            -- first day
  until TEXT NOT NULL,            -- last day
  document TEXT NOT NULL,
  CHECK (since <= until),
  CHECK (giver <> receiver)
) WITHOUT ROWID;
CREATE INDEX mandate_receiver ON mandate (receiver, capacity, giver);

-- Who assists a position: a person, or whoever holds another position.
CREATE TABLE assistant (
  position TEXT NOT NULL,           -- position id
  person TEXT NOT NULL,             -- person id, or ''
  assistant_position TEXT NOT NULL, -- position id, or ''
  since TEXT NOT NULL,              -- first day
  until TEXT NOT NULL,              -- last day
  PRIMARY KEY (position, person, assistant_position, since),
  CHECK (since <= until),
  CHECK ((person = '') <> (assistant_position = ''))
) WITHOUT ROWID;
CREATE INDEX assistant_person ON assistant (person) WHERE person <> '';
CREATE INDEX assistant_post ON assistant (assistant_position) WHERE assistant_position <> '';

-- Accounts of the operating system.  Not an index: kept by backup.
CREATE TABLE account (
  login TEXT PRIMARY KEY CHECK (login <> ''), -- name of the account
  person TEXT NOT NULL                        -- person id
) WITHOUT ROWID;
CREATE INDEX account_person ON account (person);
