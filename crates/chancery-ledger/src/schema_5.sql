-- Version 5: counts by month of one side and of everything, and indexes of sides that hold all that questions by side ask for.

-- side: 2 the source, 4 the target, 0 all events (under the country ''). Kept as rollup is.
CREATE TABLE rollup_side (
    side INTEGER NOT NULL, country TEXT NOT NULL, month TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (side, country, month, type, status)
) WITHOUT ROWID;
INSERT INTO rollup_side SELECT 2, a, month, type, status, sum(sources) FROM rollup GROUP BY 2, 3, 4, 5 HAVING sum(sources) > 0;
INSERT INTO rollup_side SELECT 4, b, month, type, status, sum(targets) FROM rollup GROUP BY 2, 3, 4, 5 HAVING sum(targets) > 0;
INSERT INTO rollup_side
SELECT 0, '', CASE WHEN days BETWEEN 1 AND 31 THEN substr(day, 1, 7) ELSE '' END, type, status, count(*)
FROM (SELECT DISTINCT eid, day, days, type, status FROM dyad) GROUP BY 3, 4, 5;

DROP INDEX dyad_source;
CREATE INDEX dyad_source ON dyad (a, day, type, status, days, first) WHERE first & 2;
DROP INDEX dyad_target;
CREATE INDEX dyad_target ON dyad (b, day, type, status, days, first) WHERE first & 4;
