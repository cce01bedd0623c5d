-- Who travels for the office: away, and to be reached.
CREATE TABLE new_roster (
  person TEXT NOT NULL,           -- person id
  what TEXT NOT NULL
    CHECK (what = 'leave' OR what = 'travel' OR what = 'duty' OR what = 'shift'),
  position TEXT NOT NULL,         -- position id; '': away from all that the person holds
  since TEXT NOT NULL,            -- first day
  until TEXT NOT NULL,            -- last day
  hours TEXT NOT NULL,            -- of a shift: 'HH.MM-HH.MM' in the zone of the unit; else ''
  substitute TEXT NOT NULL,       -- person id: whom work is shown to meanwhile; '' for nobody
  note TEXT NOT NULL,
  PRIMARY KEY (person, what, position, since, hours),
  CHECK (since <= until),
  CHECK ((hours <> '') = (what = 'shift')),
  CHECK (position <> '' OR what IN ('leave', 'travel')),
  CHECK (substitute = '' OR (what IN ('leave', 'travel') AND substitute <> person))
) WITHOUT ROWID;
INSERT INTO new_roster (person, what, position, since, until, hours, substitute, note)
  SELECT person, what, position, since, until, hours, substitute, note FROM roster
  ORDER BY person, what, position, since, hours;
DROP TABLE roster;
ALTER TABLE new_roster RENAME TO roster;
CREATE INDEX roster_position ON roster (position, since) WHERE what IN ('duty', 'shift');
CREATE INDEX roster_substitute ON roster (substitute) WHERE substitute <> '';
