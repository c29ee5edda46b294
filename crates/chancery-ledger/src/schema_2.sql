-- Version 2: audits. A sample of reports is drawn and read by people; what they decide there (`decision.audit`) changes nothing in the ledger.

ALTER TABLE decision ADD COLUMN audit INTEGER;
CREATE INDEX decision_audit ON decision (audit, rid) WHERE audit IS NOT NULL;

-- A sample: how many were asked for, by what it is stratified, of which reports (in words).
CREATE TABLE audit (
    audit INTEGER PRIMARY KEY, added INTEGER NOT NULL, seed INTEGER NOT NULL, n INTEGER NOT NULL, strata TEXT NOT NULL, query TEXT NOT NULL
);

-- How many reports each stratum has in all.
CREATE TABLE audit_stratum (
    audit INTEGER NOT NULL REFERENCES audit, stratum INTEGER NOT NULL, name TEXT NOT NULL, population INTEGER NOT NULL,
    PRIMARY KEY (audit, stratum)
) WITHOUT ROWID;

-- The reports drawn, in the order in which they are read, with the coding that is judged.
CREATE TABLE audit_report (
    audit INTEGER NOT NULL REFERENCES audit, place INTEGER NOT NULL, rid INTEGER NOT NULL REFERENCES report,
    cid INTEGER NOT NULL REFERENCES coding, stratum INTEGER NOT NULL, PRIMARY KEY (audit, place)
) WITHOUT ROWID;
