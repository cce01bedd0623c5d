-- The search index.  Everything here is made again from the office's database.

-- What was put into table word, word for word: taking a letter out needs it.
CREATE TABLE doc (
  n INTEGER PRIMARY KEY         -- order of hits: 2^43 less the milliseconds UTC when the letter was
    CHECK (n > 0),              -- begun, or a free number near it
  letter TEXT NOT NULL UNIQUE,  -- letter id
  version INTEGER NOT NULL CHECK (version >= 1), -- of the letter's history that the words are of
  subject TEXT NOT NULL,
  number TEXT NOT NULL,         -- '' if it has none
  parties TEXT NOT NULL,        -- addressees and copies: titles, names, places
  body TEXT NOT NULL,           -- running text of body and attachments
  reader TEXT NOT NULL          -- tokens of those who may read it, parted by blanks
);

CREATE VIRTUAL TABLE word USING fts5 (
  subject, number, parties, body, reader,
  content = 'doc', content_rowid = 'n', columnsize = 0, prefix = '3',
  tokenize = 'unicode61 remove_diacritics 2'
);

-- Searches are slower the more pieces the index has.
INSERT INTO word (word, rank) VALUES ('automerge', 2);

-- How far the index was made again from the office.
CREATE TABLE progress (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  whole INTEGER NOT NULL CHECK (whole IN (0, 1)), -- 1: every letter is in
  letter TEXT NOT NULL          -- while not whole: letters up to this id are in
);
INSERT INTO progress (one, whole, letter) VALUES (1, 0, '');
