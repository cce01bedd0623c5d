-- The book of dispositions goes through a year in the order in which they were given.

CREATE INDEX disposition_at ON disposition (at, letter, n);
