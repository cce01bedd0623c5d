-- Dispositions: by whom a letter that came in was given to whom, with which instructions, and what
-- became of it.  The tree stands in the letter's workflow as well, whose tasks the keys name.

CREATE TABLE disposition (
  letter TEXT NOT NULL REFERENCES letter (id),
  n INTEGER NOT NULL CHECK (n >= 1), -- in the order in which they were begun
  from_n INTEGER,               -- the receiver who gave it on: of which disposition; NULL: the first
  from_k INTEGER CHECK ((from_k IS NULL) = (from_n IS NULL)), -- and which of its receivers
  task TEXT NOT NULL,           -- key of the task that it was, or is to be, given by
  state TEXT NOT NULL CHECK (state = 'forwarded' OR state = 'proposed' OR state = 'given'
    OR state = 'recalled' OR state = 'dropped'),
  giver TEXT NOT NULL,          -- position; '' of what a program passed on
  person TEXT CHECK (person IS NULL OR state <> 'proposed'), -- who gave it; NULL: nobody (yet)
  capacity TEXT,                -- in which the giver held the position; NULL: none said
  proposer TEXT CHECK (proposer IS NOT NULL OR state <> 'proposed'), -- person who prepared it
  instructions TEXT NOT NULL,   -- ids in the profile, parted by blanks; may be ''
  note TEXT NOT NULL DEFAULT '', -- free words; also in the journal, where they can be erased
  due TEXT,                     -- YYYY-MM-DD in the unit's zone; NULL: none
  at INTEGER NOT NULL,          -- microseconds UTC when it was given, or proposed
  recalled INTEGER CHECK ((recalled IS NOT NULL) = (state = 'recalled')), -- microseconds UTC
  why TEXT NOT NULL DEFAULT '', -- reason of the recall; also in the journal
  PRIMARY KEY (letter, n)
) WITHOUT ROWID;

CREATE TABLE disposition_receiver (
  letter TEXT NOT NULL,
  n INTEGER NOT NULL,           -- of the disposition
  k INTEGER NOT NULL CHECK (k >= 1), -- in the giver's order
  position TEXT NOT NULL CHECK (position <> ''),
  lead INTEGER NOT NULL CHECK (lead BETWEEN 0 AND 1), -- 1: leads the others
  task TEXT,                    -- key of the task that lies, or lay last, before it; NULL: only proposed
  state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'read' OR state = 'working'
    OR state = 'disposed' OR state = 'done' OR state = 'noted' OR state = 'returned'
    OR state = 'recalled'),
  read INTEGER,                 -- microseconds UTC when its holder saw it first; NULL: unread
  reader TEXT CHECK ((reader IS NULL) = (read IS NULL)), -- person
  answered INTEGER,             -- microseconds UTC of the last answer; NULL: none
  doer TEXT CHECK ((doer IS NULL) = (answered IS NULL)),  -- person; '' a part of the program
  urged INTEGER,                -- microseconds UTC of the last time; NULL: never
  report TEXT NOT NULL DEFAULT '', -- words of the answer; also in the journal
  PRIMARY KEY (letter, n, k),
  UNIQUE (letter, n, position),
  FOREIGN KEY (letter, n) REFERENCES disposition (letter, n)
) WITHOUT ROWID;
CREATE INDEX disposition_receiver_open ON disposition_receiver (position, letter)
  WHERE state = 'waiting' OR state = 'read' OR state = 'working' OR state = 'disposed';

-- Catatan: what people think of a letter, kept with it and never sent.
CREATE TABLE letter_note (
  letter TEXT NOT NULL REFERENCES letter (id),
  at INTEGER NOT NULL,          -- microseconds UTC
  n INTEGER NOT NULL CHECK (n >= 1), -- number of its entry in the letter's journal
  person TEXT NOT NULL,
  position TEXT NOT NULL,       -- through which he has the letter
  capacity TEXT NOT NULL,       -- definitive, plt, plh; assistant, substitute, archivist
  text TEXT NOT NULL,           -- also in the journal; '' once it was erased there
  PRIMARY KEY (letter, n)
) WITHOUT ROWID;
