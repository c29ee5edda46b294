-- Version 4: how many independent sources tell a happening. Computed from its events that count; kept where several reports tell it, one is
-- meant where there is no row.

CREATE TABLE happening (happening INTEGER PRIMARY KEY, reports INTEGER NOT NULL, independent INTEGER NOT NULL);
