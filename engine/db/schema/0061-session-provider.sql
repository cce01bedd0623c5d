-- Sessions that a provider of identities let in: what it is told when the person signs out of it.
ALTER TABLE session ADD COLUMN provider BLOB; -- nonce and sealed text; NULL: begun otherwise
