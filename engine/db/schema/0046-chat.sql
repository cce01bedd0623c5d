-- Who is told by a gateway to WhatsApp or a chat in place of mail.  Kept by backup alone.
CREATE TABLE chat_choice (
  person TEXT NOT NULL PRIMARY KEY, -- person id; who has no row is told by mail
  handle TEXT NOT NULL CHECK (handle <> '') -- number as +628..., or a name of that chat
) WITHOUT ROWID;
