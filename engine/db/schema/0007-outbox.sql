-- The outbox anew: one row a topic and letter at most, claimed by workers.
CREATE TABLE outbox_new (
  topic TEXT NOT NULL,      -- who does it, such as 'project'
  letter TEXT NOT NULL,     -- letter id, or 'office/...'
  body TEXT NOT NULL DEFAULT '',            -- words of the topic's own, parted by a blank
  at INTEGER NOT NULL,      -- microseconds UTC of the first change that no worker has seen
  latest INTEGER,           -- microseconds UTC of the last change; NULL: as at
  generation INTEGER NOT NULL DEFAULT 1 CHECK (generation >= 1), -- changes since the row is there
  ready INTEGER NOT NULL DEFAULT 0,         -- microseconds UTC before which nobody may claim it
  worker TEXT NOT NULL DEFAULT '',          -- who claimed it last; '' if it was given back
  tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),           -- claims that came to nothing
  fault TEXT,               -- why the last one did; NULL: not known
  PRIMARY KEY (topic, letter)
) WITHOUT ROWID;
INSERT INTO outbox_new (topic, letter, body, at, latest)
  SELECT topic, letter, trim(replace(group_concat(DISTINCT body), ',', ' ')), min(at), max(at)
  FROM outbox GROUP BY topic, letter;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
-- In the order in which they are claimed.
CREATE INDEX outbox_ready ON outbox (topic, ready, at);
