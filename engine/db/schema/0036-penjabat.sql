-- A position may be held by a penjabat: appointed while it is vacant, with all its authority.
CREATE TABLE new_holding (
  position TEXT NOT NULL,         -- position id
  person TEXT NOT NULL,           -- person id
  since TEXT NOT NULL,            -- first day
  until TEXT NOT NULL,            -- last day
  capacity TEXT NOT NULL CHECK (capacity IN ('definitive', 'pj', 'plt', 'plh')),
  PRIMARY KEY (position, person, since),
  CHECK (since <= until)
) WITHOUT ROWID;
INSERT INTO new_holding (position, person, since, until, capacity)
  SELECT position, person, since, until, capacity FROM holding ORDER BY position, person, since;
DROP TABLE holding;
ALTER TABLE new_holding RENAME TO holding;
CREATE INDEX holding_person ON holding (person, position);
