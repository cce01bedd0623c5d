-- Answers are kept for a time and then forgotten, the oldest first, without looking at all of them.
CREATE INDEX request_at ON request (at);
