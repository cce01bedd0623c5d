-- The journal as a log that proves itself: which leaf of one Merkle tree an entry is.  Kept by
-- backups alone.
--
-- Entries that have no leaf yet, in the order of their commits.
CREATE TABLE journal_pending (
  n INTEGER PRIMARY KEY,
  letter TEXT NOT NULL,     -- as in journal
  letter_seq INTEGER NOT NULL
);
CREATE TABLE journal_leaf (
  leaf INTEGER PRIMARY KEY, -- from 0 without gaps
  letter TEXT NOT NULL,     -- as in journal
  letter_seq INTEGER NOT NULL
);
CREATE UNIQUE INDEX journal_leaf_entry ON journal_leaf (letter, letter_seq);
-- The tree's right edge, and what was signed of it.
CREATE TABLE journal_tree (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  generation INTEGER NOT NULL CHECK (generation >= 1), -- one more after each restored backup
  size INTEGER NOT NULL CHECK (size >= 0),             -- leaves
  edge BLOB NOT NULL CHECK (length(edge) % 32 = 0),    -- roots of its whole subtrees, largest first
  checkpoint TEXT NOT NULL  -- signed note of this size; '': none was signed in this generation
);
INSERT INTO journal_tree (one, generation, size, edge, checkpoint) VALUES (1, 1, 0, x'', '');
-- What was written before there was a log is taken in the order of its times.
INSERT INTO journal_pending (letter, letter_seq)
  SELECT letter, letter_seq FROM journal ORDER BY at, letter, letter_seq;
