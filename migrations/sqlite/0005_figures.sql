-- What the overview shows: sums by day, kept with every append, and a way to the newest rejections. SQLite.

-- How often something happened on one day (UTC), of what was decided here. Follows from the log; rebuilt at will.
-- A sum that became zero has no row.
CREATE TABLE daily_figures (
    workspace_id TEXT    NOT NULL,
    day          TEXT    NOT NULL,                       -- 2026-11-21
    what         TEXT    NOT NULL,                       -- asked, decided, approved, rejected, ran or failed
    who          TEXT    NOT NULL,                       -- approved: actor id; decided: seconds that it took; ran, failed: mode
    number       INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, day, what, who)
) STRICT, WITHOUT ROWID;

CREATE INDEX decisions_rejected ON decisions (workspace_id, updated_us, decision_id)
    WHERE phase = 'rejected' AND origin = 'native';

-- A row here: the read model does not hold yet what the log says. Whoever opens the database makes it again first.
CREATE TABLE rebuilds_due (reason TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO rebuilds_due (reason) SELECT 'daily_figures' WHERE EXISTS (SELECT 1 FROM events);
