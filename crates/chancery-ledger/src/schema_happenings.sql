-- Happenings: events of several reports that tell of one thing share a number (`event.happening`), that of the first of them.

-- What an event is known again by: hashes of words, four bytes each, and the hands its report goes back to, one a line.
CREATE TABLE sighting (
    eid INTEGER PRIMARY KEY REFERENCES event, names BLOB NOT NULL, told BLOB NOT NULL, report BLOB NOT NULL, origins TEXT NOT NULL
);
CREATE INDEX event_happening ON event (happening) WHERE happening IS NOT NULL;

CREATE VIEW happenings AS
SELECT lower(hex(k.id)) AS id, min(e.day) AS first_date, max(e.day) AS last_date, min(c.published) AS first_reported, count(*) AS events,
    count(DISTINCT e.rid) AS reports, count(DISTINCT r.outlet) AS outlets
FROM event e JOIN event_key k ON k.key = e.happening JOIN coding c USING (cid) JOIN report r ON r.rid = e.rid
WHERE e.happening IS NOT NULL AND e.ended IS NULL
GROUP BY e.happening;
