-- Loans of records: somebody asks for what a unit's archivist keeps; a letter that is lent opens to
-- him for as long, a paper is noted by its place.  Each has a history of its own, "office/loan-<id>",
-- whose record says what stands here.
CREATE TABLE loan (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,           -- unit id: whose records
  person TEXT NOT NULL,         -- person id of who asks
  what TEXT NOT NULL CHECK (what <> ''), -- as he says it
  why TEXT NOT NULL CHECK (why <> ''),
  until TEXT NOT NULL,          -- last day, YYYY-MM-DD
  state TEXT NOT NULL CHECK (state IN ('asked', 'granted', 'refused', 'given', 'returned',
    'withdrawn')),
  letter TEXT,                  -- letter id that is lent; NULL: a paper alone
  place TEXT,                   -- where the paper is kept; NULL: there is none
  asked INTEGER NOT NULL,       -- microseconds UTC
  decided INTEGER,
  decided_by TEXT CHECK ((decided_by IS NULL) = (decided IS NULL)), -- person id
  given INTEGER,
  given_by TEXT CHECK ((given_by IS NULL) = (given IS NULL)),       -- person id
  ended INTEGER,                -- it was returned, or withdrawn
  ended_by TEXT CHECK ((ended_by IS NULL) = (ended IS NULL))        -- person id
) WITHOUT ROWID;
CREATE INDEX loan_letter ON loan (letter, person) WHERE state = 'given';
CREATE INDEX loan_person ON loan (person, asked);
