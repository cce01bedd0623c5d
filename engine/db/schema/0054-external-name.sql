-- Letters are looked up by what a former system called them, whichever system it was.
CREATE INDEX letter_external_number ON letter_external (number);
CREATE INDEX letter_external_by_id ON letter_external (id) WHERE id <> '';
