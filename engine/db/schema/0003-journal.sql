-- What happened, an entry an event, chained by letter.
CREATE TABLE journal (
  letter TEXT NOT NULL,     -- letter id, or 'office/...'
  letter_seq INTEGER NOT NULL CHECK (letter_seq >= 1),     -- from 1 without gaps
  at INTEGER NOT NULL,      -- microseconds UTC
  entry BLOB NOT NULL CHECK (length(entry) <= 65535),      -- canonical JSON
  hash BLOB NOT NULL CHECK (length(hash) = 32),            -- SHA-256 of entry
  PRIMARY KEY (letter, letter_seq)
);

CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER journal_is_not_cut BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;

-- Personal and secret texts of entries; the entry holds HMAC-SHA-256(salt, text).
CREATE TABLE journal_text (
  letter TEXT NOT NULL,     -- as in journal
  letter_seq INTEGER NOT NULL,                             -- as in journal
  name TEXT NOT NULL,       -- which text, such as 'reason'
  salt BLOB CHECK (length(salt) = 16),                     -- random; NULL: erased
  text TEXT,                -- NULL: erased
  PRIMARY KEY (letter, letter_seq, name),
  FOREIGN KEY (letter, letter_seq) REFERENCES journal (letter, letter_seq),
  CHECK ((salt IS NULL) = (text IS NULL))
);
