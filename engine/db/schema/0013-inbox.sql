-- An assistant sees of a position's waiting tasks only those of drafting, and the list must not
-- look at thousands of others for them.
ALTER TABLE inbox ADD COLUMN drafting INTEGER NOT NULL DEFAULT 0 -- 1: the task is one of drafting
  CHECK (drafting IN (0, 1));
UPDATE inbox SET drafting = 1 WHERE EXISTS
  (SELECT 1 FROM task t WHERE t.letter = inbox.letter AND t.key = inbox.key AND t.role = 'draft');
CREATE INDEX inbox_drafting ON inbox (position, opened, letter, key) WHERE drafting = 1;
