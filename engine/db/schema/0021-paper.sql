-- A scan of what was signed on paper is found by its digest; few letters are signed so.
CREATE INDEX signing_paper ON signing (pdf) WHERE field = 'paper';
