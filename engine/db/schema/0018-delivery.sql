-- The expedition book: how a sent letter reaches each addressee and each receiver of a copy.
-- What the carrier and the receiver are called stands in the journal too, where it can be erased.
CREATE TABLE delivery (
  letter TEXT NOT NULL REFERENCES letter (id),
  role TEXT NOT NULL CHECK (role = 'to' OR role = 'copy'),
  n INTEGER NOT NULL CHECK (n >= 1),   -- counted from 1 within the role
  unit TEXT NOT NULL,                  -- the letter's
  opened INTEGER NOT NULL,             -- microseconds UTC when the letter was sent
  position TEXT NOT NULL,              -- '' for somebody outside
  party TEXT NOT NULL,                 -- name of an outsider; '' for a position
  channel TEXT NOT NULL CHECK (channel = '' OR channel = 'internal' OR channel = 'email'
    OR channel = 'post' OR channel = 'courier' OR channel = 'hand'), -- '': not said yet
  state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'sent' OR state = 'delivered'
    OR state = 'returned'),
  tries INTEGER NOT NULL CHECK (tries >= 0), -- how often it was given to a channel
  at INTEGER NOT NULL,                 -- microseconds UTC of the last step
  sent INTEGER,                        -- microseconds UTC when it last went; NULL: it did not
  tracking TEXT NOT NULL,              -- number of the carrier; '' if there is none
  receiver TEXT NOT NULL,              -- who took it; '' if nobody, or the proof does not say
  note TEXT NOT NULL,                  -- words of the last step; ''
  proof TEXT,                          -- file of the letter's versions that shows it; NULL: none
  PRIMARY KEY (letter, role, n),
  CHECK ((state = 'waiting') = (tries = 0)),
  CHECK ((channel = '') = (tries = 0)),
  CHECK ((sent IS NULL) = (tries = 0))
) WITHOUT ROWID;
CREATE INDEX delivery_book ON delivery (unit, opened, letter, role, n);
CREATE INDEX delivery_open ON delivery (unit, opened, letter, role, n)
  WHERE state <> 'delivered';
