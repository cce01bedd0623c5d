-- Registers and their numbers.  A register is a series with the values of its scope.
CREATE TABLE register_counter (
  unit TEXT NOT NULL,             -- unit id; '' if the scope has no unit
  series TEXT NOT NULL,           -- name in the profile
  scope TEXT NOT NULL,            -- the other values of the scope, such as 'year=2026'
  first_seq INTEGER NOT NULL CHECK (first_seq >= 1), -- position
  last_seq INTEGER NOT NULL,      -- position; first_seq - 1 if none was given
  PRIMARY KEY (unit, series, scope),
  CHECK (last_seq BETWEEN first_seq - 1 AND 999999999)
) WITHOUT ROWID;

CREATE TABLE register_entry (
  unit TEXT NOT NULL,
  series TEXT NOT NULL,
  scope TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq BETWEEN 1 AND 999999999), -- position in the register
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),     -- 0 reserved, 1 bound, 2 void, 3 paper
  number TEXT NOT NULL,           -- as printed; '' while paper
  letter TEXT NOT NULL,           -- letter id; '' while paper
  letter_date TEXT NOT NULL,      -- civil, 'YYYY-MM-DD'; '' while paper
  at INTEGER NOT NULL,            -- last change of state, microseconds UTC
  pdf TEXT NOT NULL,              -- SHA-256 of the bound PDF in hex, or ''
  reason TEXT NOT NULL,           -- why it is void; for whom it is paper
  PRIMARY KEY (unit, series, scope, seq),
  CHECK ((state IN (0, 1)) <= (letter <> '' AND number <> '' AND letter_date <> '')),
  CHECK (state <> 3 OR letter = ''),
  CHECK (state NOT IN (2, 3) OR reason <> ''),
  CHECK (pdf = '' OR (state IN (1, 2) AND length(pdf) = 64))
) WITHOUT ROWID;
-- A letter has at most one live number.
CREATE UNIQUE INDEX register_entry_live ON register_entry (letter) WHERE state IN (0, 1);
CREATE INDEX register_entry_letter ON register_entry (letter, at) WHERE letter <> '';

-- Positions passed over, with the reason.
CREATE TABLE register_skip (
  unit TEXT NOT NULL,
  series TEXT NOT NULL,
  scope TEXT NOT NULL,
  from_seq INTEGER NOT NULL CHECK (from_seq >= 1), -- position
  to_seq INTEGER NOT NULL,        -- position, included
  at INTEGER NOT NULL,            -- microseconds UTC
  reason TEXT NOT NULL CHECK (reason <> ''),
  PRIMARY KEY (unit, series, scope, from_seq),
  CHECK (to_seq >= from_seq)
) WITHOUT ROWID;
