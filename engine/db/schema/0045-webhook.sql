-- Addresses that are told by a request when something happens (Standard Webhooks).  Their secrets
-- are in no table: they come of the office's key.  Kept by backup alone.
CREATE TABLE webhook (
  id TEXT NOT NULL PRIMARY KEY,     -- UUIDv7
  label TEXT NOT NULL CHECK (label <> ''),  -- what it is for, in the words of who made it
  url TEXT NOT NULL CHECK (url <> ''),
  events TEXT NOT NULL,             -- types that it is told of, parted by blanks; '' all
  active INTEGER NOT NULL CHECK (active = 0 OR active = 1),
  why TEXT NOT NULL                 -- why it is not active; '' it is
    CHECK (why = '' OR why = 'person' OR why = 'failing' OR why = 'gone'),
  person TEXT NOT NULL,             -- person id: who made it
  made INTEGER NOT NULL,            -- microseconds UTC
  version INTEGER NOT NULL CHECK (version >= 1), -- changes of what a person set
  secret INTEGER NOT NULL CHECK (secret >= 1),   -- number of its newest secret
  old_until INTEGER,                -- microseconds UTC until which the one before is good; NULL: none
  failing INTEGER                   -- the same since when nothing reached it; NULL: it was reached
) WITHOUT ROWID;
-- What one webhook is told of: written in the change that it tells of.
CREATE TABLE webhook_delivery (
  webhook TEXT NOT NULL,            -- webhook id
  event TEXT NOT NULL,              -- UUIDv7, of its webhook-id: the same in each try
  type TEXT NOT NULL CHECK (type <> ''),
  letter TEXT NOT NULL,             -- letter id; '' none
  task TEXT NOT NULL,               -- its key; '' none
  at INTEGER NOT NULL,              -- microseconds UTC of what happened
  queued INTEGER NOT NULL,          -- the same since when it is tried
  ready INTEGER NOT NULL,           -- the same: not tried before
  tries INTEGER NOT NULL CHECK (tries >= 0), -- since then
  state TEXT NOT NULL
    CHECK (state = 'waiting' OR state = 'sent' OR state = 'failed' OR state = 'withheld'),
  done INTEGER,                     -- microseconds UTC; NULL: it waits
  PRIMARY KEY (webhook, event)
) WITHOUT ROWID;
CREATE INDEX webhook_delivery_ready ON webhook_delivery (ready) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_done ON webhook_delivery (done) WHERE done IS NOT NULL;
-- Each try of a delivery.
CREATE TABLE webhook_attempt (
  webhook TEXT NOT NULL,
  event TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n >= 1), -- from the first on
  at INTEGER NOT NULL,              -- microseconds UTC of its beginning
  took INTEGER NOT NULL,            -- milliseconds
  status INTEGER NOT NULL,          -- of HTTP; 0: there was no answer
  fault TEXT NOT NULL,              -- why it failed; '' it did not
  PRIMARY KEY (webhook, event, n)
) WITHOUT ROWID;
