-- What a letter's workflow asks an office to keep beside the letter's row.

CREATE TABLE new_task (
  letter TEXT NOT NULL REFERENCES letter (id),
  key TEXT NOT NULL,            -- of the flow, unique in the letter
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role = 'draft' OR role = 'review' OR role = 'sign'
    OR role = 'confirm' OR role = ''),
  outcomes TEXT NOT NULL,       -- allowed ones, parted by blanks
  opened INTEGER NOT NULL,      -- microseconds UTC
  closed INTEGER,               -- microseconds UTC; NULL: waiting
  outcome TEXT,
  person TEXT,                  -- who did it
  assignee TEXT,                -- person who took it upon himself, or was given it; NULL: nobody
  owner TEXT,                   -- position that has it done by another and gets it back; NULL: none
  due INTEGER,                  -- microseconds UTC; NULL: none
  follow_up INTEGER,            -- microseconds UTC; NULL: none
  priority INTEGER,             -- NULL: 50
  PRIMARY KEY (letter, key)
) WITHOUT ROWID;
INSERT INTO new_task (letter, key, name, role, outcomes, opened, closed, outcome, person)
  SELECT letter, key, name, role, outcomes, opened, closed, outcome, person FROM task
  ORDER BY letter, key;
DROP TABLE task;
ALTER TABLE new_task RENAME TO task;

-- What a workflow listens to.
CREATE TABLE wait (
  letter TEXT NOT NULL REFERENCES letter (id),
  key TEXT NOT NULL,            -- of the flow, unique in the letter
  type TEXT NOT NULL CHECK (type = 'timer' OR type = 'message' OR type = 'signal'),
  name TEXT NOT NULL CHECK ((name = '') = (type = 'timer')), -- of the message or signal
  due INTEGER CHECK ((due IS NOT NULL) = (type = 'timer')),  -- microseconds UTC; of a timer
  held INTEGER CHECK (held BETWEEN 1 AND 2), -- does not fire: 1: the letter is suspended; 2: there
                                -- is an incident of it; NULL: it fires
  PRIMARY KEY (letter, key)
) WITHOUT ROWID;
CREATE INDEX wait_due ON wait (due, letter, key) WHERE due IS NOT NULL AND held IS NULL;
CREATE INDEX wait_signal ON wait (name, letter, key) WHERE type = 'signal';

-- What went wrong where nobody stood behind it.
CREATE TABLE incident (
  letter TEXT NOT NULL REFERENCES letter (id),
  key TEXT NOT NULL,            -- of the flow, unique in the letter
  node TEXT NOT NULL,           -- id in the workflow
  class TEXT NOT NULL,          -- as nsk_flow_fault_name(), or an error code of the workflow
  reason TEXT NOT NULL,         -- in words; also in the journal, where it can be erased
  opened INTEGER NOT NULL,      -- microseconds UTC
  PRIMARY KEY (letter, key)
) WITHOUT ROWID;

-- Messages that came before anything listened to them.
CREATE TABLE message (
  letter TEXT NOT NULL REFERENCES letter (id), -- to whose workflow
  n INTEGER NOT NULL CHECK (n >= 1),
  name TEXT NOT NULL CHECK (name <> ''),
  at INTEGER NOT NULL,          -- microseconds UTC
  until INTEGER NOT NULL,       -- microseconds UTC from which on it counts as never sent
  PRIMARY KEY (letter, n)
) WITHOUT ROWID;
