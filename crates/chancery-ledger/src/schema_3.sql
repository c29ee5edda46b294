-- Version 3: happenings. Events of several reports that tell of one thing share a number (`event.happening`), that of the first of them. Pages as
-- they were fetched, and what is known of feeds.

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

-- A page that a report was read from: headers (JSON, in order), redirects (JSON), the body as it came over the wire, compressed.
CREATE TABLE page (
    page INTEGER PRIMARY KEY, rid INTEGER NOT NULL REFERENCES report, asked TEXT NOT NULL, url TEXT NOT NULL, fetched INTEGER NOT NULL,
    status INTEGER NOT NULL, headers TEXT NOT NULL, redirects TEXT NOT NULL, sha256 BLOB NOT NULL, raw BLOB NOT NULL
);
CREATE INDEX page_report ON page (rid);

-- Feeds: what the last answer said of itself, when it was asked for, and the entries that were taken in.
CREATE TABLE feed (feed INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, etag TEXT, modified TEXT, polled INTEGER);
CREATE TABLE entry (feed INTEGER NOT NULL REFERENCES feed, id TEXT NOT NULL, taken INTEGER NOT NULL, PRIMARY KEY (feed, id)) WITHOUT ROWID;
