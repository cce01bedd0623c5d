-- Who is away, and who is on duty: an index of the directory, as 0004-directory.sql.
CREATE TABLE roster (
  person TEXT NOT NULL,           -- person id
  what TEXT NOT NULL
    CHECK (what = 'leave' OR what = 'duty' OR what = 'shift'),
  position TEXT NOT NULL,         -- position id; '': away from all that the person holds
  since TEXT NOT NULL,            -- first day
  until TEXT NOT NULL,            -- last day
  hours TEXT NOT NULL,            -- of a shift: 'HH.MM-HH.MM' in the zone of the unit; else ''
  substitute TEXT NOT NULL,       -- person id: whom work is shown to meanwhile; '' for nobody
  note TEXT NOT NULL,
  PRIMARY KEY (person, what, position, since, hours),
  CHECK (since <= until),
  CHECK ((hours <> '') = (what = 'shift')),
  CHECK (position <> '' OR what = 'leave'),
  CHECK (substitute = '' OR (what = 'leave' AND substitute <> person))
) WITHOUT ROWID;
CREATE INDEX roster_position ON roster (position, since) WHERE what <> 'leave';
CREATE INDEX roster_substitute ON roster (substitute) WHERE substitute <> '';
