-- The legal clock of an application: what its letter's record keeps of it.
CREATE TABLE term_clock (
  letter TEXT PRIMARY KEY REFERENCES letter (id),
  days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 366),      -- working days that it may take
  warn INTEGER NOT NULL CHECK (warn BETWEEN 0 AND 366),      -- working days before the deemed day
  escalate INTEGER NOT NULL CHECK (escalate BETWEEN 0 AND 366), -- the same
  deemed TEXT,                  -- civil day from which silence counted as consent; NULL: it did not
  ended TEXT                    -- civil day on which it was decided and sent, or filed; NULL: not yet
) WITHOUT ROWID;

-- The stretches in which it ran: civil days in the zone of the letter's unit.
CREATE TABLE term_span (
  letter TEXT NOT NULL REFERENCES letter (id),
  n INTEGER NOT NULL CHECK (n >= 1),
  since TEXT NOT NULL,          -- this day does not count
  until TEXT CHECK (until >= since), -- this day counts; NULL: it runs
  PRIMARY KEY (letter, n)
) WITHOUT ROWID;
CREATE UNIQUE INDEX term_span_open ON term_span (letter) WHERE until IS NULL;
CREATE INDEX task_assigned ON task (opened, letter, key)
  WHERE closed IS NULL AND assignee IS NOT NULL;
