-- Version 4: how many independent sources tell a happening. Computed from its events that count; kept where several reports tell it, one is
-- meant where there is no row.

CREATE TABLE happening (happening INTEGER PRIMARY KEY, reports INTEGER NOT NULL, independent INTEGER NOT NULL);

-- What all events of a report are known again by is kept once a coding.
CREATE TABLE about (cid INTEGER PRIMARY KEY REFERENCES coding, report BLOB NOT NULL, origins TEXT NOT NULL);
INSERT INTO about SELECT e.cid, s.report, s.origins FROM sighting s JOIN event e USING (eid) GROUP BY e.cid;
ALTER TABLE sighting DROP COLUMN report;
ALTER TABLE sighting DROP COLUMN origins;

-- Which rule resolved a party is in the record.
ALTER TABLE party DROP COLUMN rule;

-- Stories: filled from here on as reports are added.
ALTER TABLE story ADD COLUMN independent INTEGER NOT NULL DEFAULT 1;
ALTER TABLE story ADD COLUMN disagreements TEXT;
DROP VIEW stories;
CREATE VIEW stories AS
SELECT lower(hex(s.id)) AS id, s.title, s.first, s.last, count(r.rid) AS reports, count(DISTINCT r.outlet) AS outlets, s.independent, s.disagreements
FROM story s JOIN report r USING (story) GROUP BY s.story;
