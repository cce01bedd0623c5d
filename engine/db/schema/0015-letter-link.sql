-- Which letters of this office a letter refers to, as its content says.
CREATE TABLE letter_link (
  letter TEXT NOT NULL REFERENCES letter (id), -- the one that refers
  n INTEGER NOT NULL CHECK (n >= 1),           -- which of its references, counted from 1
  type TEXT NOT NULL
    CHECK (type = 'about' OR type = 'answers' OR type = 'corrects' OR type = 'revokes'),
  target TEXT NOT NULL,         -- id of the other; a draft may name one that there is not
  PRIMARY KEY (letter, n)
) WITHOUT ROWID;
CREATE INDEX letter_link_target ON letter_link (target, type, letter);
