-- A route has more parts, and days that a workflow waits for.
CREATE TABLE new_route (
  letter TEXT NOT NULL REFERENCES letter (id),
  role TEXT NOT NULL CHECK (role = 'reviewer' OR role = 'signatory' OR role = 'to'
    OR role = 'copy' OR role = 'coordinator' OR role = 'consultant' OR role = 'assignee'
    OR role = 'assignment-begins' OR role = 'assignment-ends' OR role = 'meeting-day'
    OR role = 'meeting-until' OR role = 'meeting-remind'),
  n INTEGER NOT NULL,           -- counted from 1 within the role
  position TEXT NOT NULL,       -- '' for somebody outside, a desk, a day
  capacity TEXT NOT NULL,       -- of a signatory; else ''
  mandate TEXT NOT NULL,        -- of a signatory, if it names one; else ''
  says TEXT NOT NULL,           -- of a consultant the desk; of a day YYYY-MM-DD; else ''
  PRIMARY KEY (letter, role, n)
) WITHOUT ROWID;
INSERT INTO new_route (letter, role, n, position, capacity, mandate, says)
  SELECT letter, role, n, position, capacity, mandate, '' FROM route ORDER BY letter, role, n;
DROP TABLE route;
ALTER TABLE new_route RENAME TO route;
