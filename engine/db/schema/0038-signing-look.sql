-- How a signature is to look: made when it is authorised, so that who goes on with it after a crash or
-- an outage has the same bytes whatever was renamed since.  Gone once the letter has them.
ALTER TABLE signing_session ADD COLUMN look BLOB; -- PDF of one page, the field; NULL: it shows nothing
