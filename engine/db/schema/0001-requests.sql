-- Requests that were answered, so that a repeated one gets the first answer.
CREATE TABLE request (
  id TEXT PRIMARY KEY,      -- request id, made by the caller
  act TEXT NOT NULL,        -- digest of who asked for what: an id is good for that alone
  at INTEGER NOT NULL,      -- microseconds UTC
  answer TEXT               -- what the change answered
) WITHOUT ROWID;

-- Work to be done after the commit: at least once, effects idempotent.
CREATE TABLE outbox (
  n INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,      -- who does it, such as 'project'
  letter TEXT NOT NULL,     -- letter id, or 'office/...'
  body TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL       -- microseconds UTC
);
CREATE INDEX outbox_topic ON outbox (topic, n);
