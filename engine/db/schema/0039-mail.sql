-- Who is told by mail that something waits for him.  Kept by backup alone.
CREATE TABLE mail_choice (
  person TEXT NOT NULL PRIMARY KEY, -- person id; who has no row is told at once, in Indonesian
  tasks TEXT NOT NULL CHECK (tasks = 'now' OR tasks = 'daily' OR tasks = 'never'),
  language TEXT NOT NULL CHECK (language = 'id' OR language = 'en'),
  daily TEXT NOT NULL DEFAULT ''    -- YYYY-MM-DD of the last mail of the day; '' none yet
) WITHOUT ROWID;
-- A mail.  What it says is settled before it is first tried, so that a second one is the same.
CREATE TABLE mail (
  id TEXT NOT NULL PRIMARY KEY,     -- UUIDv7, of its Message-ID
  person TEXT NOT NULL,             -- person id
  kind TEXT NOT NULL CHECK (kind = 'tasks' OR kind = 'daily'),
  made INTEGER NOT NULL,            -- microseconds UTC
  ready INTEGER NOT NULL,           -- the same: not tried before
  tries INTEGER NOT NULL CHECK (tries >= 0),
  waiting INTEGER NOT NULL CHECK (waiting >= 0), -- how many tasks it tells of; 0: not settled
  task TEXT NOT NULL,               -- the one of them; '' none or several
  done INTEGER,                     -- microseconds UTC; NULL: not yet
  fault TEXT NOT NULL               -- why the last try failed, or why it was given up; ''
) WITHOUT ROWID;
CREATE INDEX mail_ready ON mail (ready) WHERE done IS NULL;
CREATE INDEX mail_done ON mail (done) WHERE done IS NOT NULL;
-- Gathers until it is first tried.
CREATE UNIQUE INDEX mail_open ON mail (person, kind) WHERE done IS NULL AND tries = 0;
-- What each person was told of, so that he is told once.
CREATE TABLE mail_item (
  letter TEXT NOT NULL,
  key TEXT NOT NULL,                -- of the task
  person TEXT NOT NULL,
  mail TEXT NOT NULL,               -- mail id
  PRIMARY KEY (letter, key, person)
) WITHOUT ROWID;
CREATE INDEX mail_item_mail ON mail_item (mail);
