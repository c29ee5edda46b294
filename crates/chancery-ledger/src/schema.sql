-- The ledger, version 1. Append and supersede: rows are added and get an end (`ended`), and are never deleted; only what can be
-- computed again (dyad, rollup, outlet_day) is rewritten. Times are milliseconds since 1970 (UTC); days are YYYY-MM-DD; ids are 16 bytes.
-- The views at the end are what `chancery sql` documents; tables may change with the version of the schema.

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- What the bodies of records are compressed against.
CREATE TABLE dictionary (dictionary INTEGER PRIMARY KEY, bytes BLOB NOT NULL);

-- Who reads: a build with its knowledge and the options that a record depends on.
CREATE TABLE coder (
    coder INTEGER PRIMARY KEY, version TEXT NOT NULL, data TEXT NOT NULL, options TEXT NOT NULL, UNIQUE (version, data, options)
);

CREATE TABLE outlet (outlet INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- Stories are filled by the grouping of reports on intake.
CREATE TABLE story (story INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, title TEXT, first TEXT, last TEXT);

CREATE TABLE report (
    rid INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, given_id TEXT, title TEXT, url TEXT, outlet INTEGER NOT NULL REFERENCES outlet,
    added INTEGER NOT NULL, sha256 BLOB NOT NULL, complete INTEGER NOT NULL DEFAULT 0, story INTEGER REFERENCES story
);
CREATE INDEX report_outlet ON report (outlet);
CREATE INDEX report_story ON report (story) WHERE story IS NOT NULL;

-- The text of a report, compressed.
CREATE TABLE body (rid INTEGER PRIMARY KEY REFERENCES report, dictionary INTEGER NOT NULL, text BLOB NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (title, text, content = '', tokenize = 'unicode61 remove_diacritics 2');

-- A report as a coder read it. The newest (without an end) is the one that counts.
CREATE TABLE coding (
    cid INTEGER PRIMARY KEY, rid INTEGER NOT NULL REFERENCES report, coder INTEGER NOT NULL REFERENCES coder, added INTEGER NOT NULL,
    ended INTEGER, published TEXT, language TEXT, events INTEGER NOT NULL, statements INTEGER NOT NULL, figures INTEGER NOT NULL,
    UNIQUE (rid, coder)
);
CREATE INDEX coding_published ON coding (published, rid) WHERE ended IS NULL;
-- The whole record without its text, compressed against dictionary and text.
CREATE TABLE record (cid INTEGER PRIMARY KEY REFERENCES coding, dictionary INTEGER NOT NULL, json BLOB NOT NULL);

CREATE TABLE actor (
    actor INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, entity TEXT, entity_id TEXT, wikidata TEXT, office TEXT, country TEXT, sector TEXT,
    sectors TEXT, code TEXT
);
CREATE INDEX actor_country ON actor (country, sector);
CREATE INDEX actor_sector ON actor (sector);
CREATE INDEX actor_entity ON actor (entity_id);
CREATE INDEX actor_name ON actor (entity COLLATE NOCASE);

-- Integer ids below 2^52: the first bits of the content id, the next free number where two ids share them.
CREATE TABLE event_key (key INTEGER PRIMARY KEY, id BLOB NOT NULL);

CREATE TABLE event (
    eid INTEGER PRIMARY KEY, key INTEGER NOT NULL REFERENCES event_key, cid INTEGER NOT NULL REFERENCES coding,
    rid INTEGER NOT NULL REFERENCES report, added INTEGER NOT NULL, ended INTEGER, decision INTEGER,
    day TEXT, day_end TEXT, days INTEGER, precision TEXT, basis TEXT, time TEXT NOT NULL,
    type TEXT NOT NULL, mode TEXT, modes TEXT, contexts TEXT, cameo TEXT NOT NULL, quad INTEGER NOT NULL, goldstein REAL, intensity REAL,
    status TEXT NOT NULL, reciprocal INTEGER NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
    place TEXT, place_country TEXT, admin1 TEXT, city TEXT, feature TEXT, lat REAL, lon REAL, geonames INTEGER, place_precision TEXT, place_text TEXT,
    sentence INTEGER NOT NULL, trigger TEXT NOT NULL, trigger_start INTEGER NOT NULL, trigger_end INTEGER NOT NULL,
    statement BLOB, attributions TEXT, rule TEXT NOT NULL, confidence REAL NOT NULL,
    same INTEGER NOT NULL, happening INTEGER
);
CREATE INDEX event_key_of ON event (key);
CREATE INDEX event_coding ON event (cid);
CREATE INDEX event_report ON event (rid);
CREATE INDEX event_day ON event (day) WHERE ended IS NULL;
CREATE INDEX event_type ON event (type, day) WHERE ended IS NULL;
CREATE INDEX event_place ON event (place_country, day) WHERE ended IS NULL AND place_country IS NOT NULL;
CREATE INDEX event_cameo ON event (cameo, day) WHERE ended IS NULL;

-- Who takes part: role 0 source, 1 target, 2 mediator, 3 host, 4 about, 5 beneficiary, 6 victim, 7 claims it.
CREATE TABLE party (
    eid INTEGER NOT NULL REFERENCES event, role INTEGER NOT NULL, n INTEGER NOT NULL, actor INTEGER NOT NULL REFERENCES actor,
    text TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, rule TEXT NOT NULL, PRIMARY KEY (eid, role, n)
) WITHOUT ROWID;
CREATE INDEX party_actor ON party (actor, role);

CREATE TABLE statement (
    sid INTEGER PRIMARY KEY, id BLOB NOT NULL, cid INTEGER NOT NULL REFERENCES coding, rid INTEGER NOT NULL REFERENCES report,
    speaker INTEGER REFERENCES actor, speaker_text TEXT, addressee INTEGER REFERENCES actor, addressee_text TEXT, kind TEXT NOT NULL,
    sentence INTEGER NOT NULL, quote TEXT NOT NULL, quote_start INTEGER NOT NULL, quote_end INTEGER NOT NULL, cue TEXT, closed INTEGER NOT NULL,
    stance TEXT, contexts TEXT, utterance BLOB
);
CREATE INDEX statement_coding ON statement (cid);
CREATE INDEX statement_speaker ON statement (speaker);

CREATE TABLE figure (
    fid INTEGER PRIMARY KEY, id BLOB NOT NULL, cid INTEGER NOT NULL REFERENCES coding, rid INTEGER NOT NULL REFERENCES report,
    text TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, value REAL NOT NULL, unit TEXT, kind TEXT, of TEXT, direction TEXT, bound TEXT,
    event BLOB, statement BLOB
);
CREATE INDEX figure_coding ON figure (cid);

-- What people decided on events, coded or missed. A decision is undone by an end, never removed.
CREATE TABLE decision (
    decision INTEGER PRIMARY KEY, added INTEGER NOT NULL, ended INTEGER, who TEXT NOT NULL, why TEXT, verdict TEXT NOT NULL,
    rid INTEGER NOT NULL REFERENCES report, event BLOB, start INTEGER, end INTEGER, fields TEXT, state TEXT NOT NULL, applied INTEGER
);
CREATE INDEX decision_report ON decision (rid);
CREATE INDEX decision_event ON decision (event);

-- Events that count now, by ordered pair of countries; '' where none is known or named. The bits of `first` keep an event from
-- counting twice: 1 once a pair whichever way, 2 once a source country, 4 once a target country.
CREATE TABLE dyad (
    a TEXT NOT NULL, b TEXT NOT NULL, day TEXT NOT NULL, eid INTEGER NOT NULL REFERENCES event, type TEXT NOT NULL, status TEXT NOT NULL,
    days INTEGER NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (a, b, day, eid)
) WITHOUT ROWID;
CREATE INDEX dyad_source ON dyad (a, day, type, status, days) WHERE first & 2;
CREATE INDEX dyad_target ON dyad (b, day, type, status, days) WHERE first & 4;
CREATE INDEX dyad_event ON dyad (eid);

-- The same, counted by month ('' for events without a date, or with one that is wider than a month).
CREATE TABLE rollup (
    month TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
    n INTEGER NOT NULL, pairs INTEGER NOT NULL, sources INTEGER NOT NULL, targets INTEGER NOT NULL, PRIMARY KEY (a, b, month, type, status)
) WITHOUT ROWID;

-- What was read: by outlet and published day ('' where none is known).
CREATE TABLE outlet_day (
    outlet INTEGER NOT NULL REFERENCES outlet, day TEXT NOT NULL, read INTEGER NOT NULL, coded INTEGER NOT NULL, PRIMARY KEY (day, outlet)
) WITHOUT ROWID;

CREATE VIEW reports AS
SELECT lower(hex(r.id)) AS id, r.given_id, r.title, c.published, r.url, nullif(o.name, '') AS outlet, c.language, c.events, c.statements, c.figures,
    k.version AS coder_version, k.data AS coder_data, strftime('%Y-%m-%dT%H:%M:%fZ', r.added / 1000.0, 'unixepoch') AS added,
    r.complete, lower(hex(s.id)) AS story
FROM coding c JOIN report r USING (rid) JOIN outlet o USING (outlet) JOIN coder k USING (coder) LEFT JOIN story s USING (story)
WHERE c.ended IS NULL;

CREATE VIEW events AS
SELECT lower(hex(k.id)) AS id, lower(hex(r.id)) AS report, e.day AS date, e.day_end AS date_end, e.precision AS date_precision, e.basis AS date_basis,
    e.time, e.type, e.mode, e.contexts, e.cameo, e.quad, e.goldstein, e.intensity, e.status, e.reciprocal, e.source, e.target,
    (SELECT group_concat(coalesce(x.entity, p.text), '; ') FROM party p JOIN actor x USING (actor) WHERE p.eid = e.eid AND p.role = 0) AS source_name,
    (SELECT group_concat(coalesce(x.entity, p.text), '; ') FROM party p JOIN actor x USING (actor) WHERE p.eid = e.eid AND p.role = 1) AS target_name,
    e.place, e.place_country, e.admin1, e.city, e.lat, e.lon, e.geonames, e.place_precision, e.trigger, e.sentence, e.rule, e.confidence,
    c.published, nullif(o.name, '') AS outlet, r.url, c.language, e.decision, lower(hex(s.id)) AS story
FROM event e JOIN event_key k USING (key) JOIN coding c USING (cid) JOIN report r ON r.rid = e.rid JOIN outlet o USING (outlet)
LEFT JOIN story s USING (story)
WHERE e.ended IS NULL;

CREATE VIEW statements AS
SELECT lower(hex(t.id)) AS id, lower(hex(r.id)) AS report, coalesce(x.entity, t.speaker_text) AS speaker, x.entity_id AS speaker_id,
    x.code AS speaker_code, x.country AS speaker_country, x.sector AS speaker_sector, coalesce(y.entity, t.addressee_text) AS addressee,
    y.code AS addressee_code, t.kind, t.stance, t.quote, t.cue, t.closed, t.contexts, t.sentence, c.published, nullif(o.name, '') AS outlet, r.url
FROM statement t JOIN coding c USING (cid) JOIN report r ON r.rid = t.rid JOIN outlet o USING (outlet)
LEFT JOIN actor x ON x.actor = t.speaker LEFT JOIN actor y ON y.actor = t.addressee
WHERE c.ended IS NULL;

CREATE VIEW figures AS
SELECT lower(hex(f.id)) AS id, lower(hex(r.id)) AS report, f.text, f.value, f.unit, f.kind, f.of, f.direction, f.bound, lower(hex(f.event)) AS event,
    lower(hex(f.statement)) AS statement, c.published, nullif(o.name, '') AS outlet
FROM figure f JOIN coding c USING (cid) JOIN report r ON r.rid = f.rid JOIN outlet o USING (outlet)
WHERE c.ended IS NULL;

CREATE VIEW stories AS
SELECT lower(hex(s.id)) AS id, s.title, s.first, s.last, count(r.rid) AS reports, count(DISTINCT r.outlet) AS outlets
FROM story s JOIN report r USING (story) GROUP BY s.story;
