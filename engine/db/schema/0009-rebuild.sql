-- What rebuild cannot make again stands apart from what it can: the answer of a signing service is
-- kept by backup alone until it is stored as the letter.  No foreign key: its row of signing is an
-- index, which may be emptied.
CREATE TABLE signing_answer (
  letter TEXT NOT NULL,         -- letter id
  n INTEGER NOT NULL,           -- which signatory, as in signing
  at INTEGER NOT NULL,          -- microseconds UTC when it came
  answer BLOB NOT NULL,         -- the signed PDF as the signer gave it
  PRIMARY KEY (letter, n)
);
INSERT INTO signing_answer (letter, n, at, answer)
  SELECT letter, n, at, answer FROM signing WHERE answer IS NOT NULL;
-- signing.at is from now on the time of the last step that the letter's history tells.
ALTER TABLE signing DROP COLUMN answer;
