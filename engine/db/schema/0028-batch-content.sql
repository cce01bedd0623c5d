-- What a line made, so that a name used again for other letters is seen.
ALTER TABLE letter_batch ADD COLUMN content TEXT NOT NULL DEFAULT ''; -- SHA-256 of the XML; '': not known
