-- What the overview shows: sums by day, kept with every append, and a way to the newest rejections. Postgres.

-- How often something happened on one day (UTC), of what was decided here. Follows from the log; rebuilt at will.
-- A sum that became zero has no row.
CREATE TABLE daily_figures (
    workspace_id text COLLATE "C" NOT NULL,
    day          text COLLATE "C" NOT NULL,              -- 2026-11-21
    what         text COLLATE "C" NOT NULL,              -- asked, decided, approved, rejected, ran or failed
    who          text COLLATE "C" NOT NULL,              -- approved: actor id; decided: seconds that it took; ran, failed: mode
    number       bigint NOT NULL,
    PRIMARY KEY (workspace_id, day, what, who)
);

CREATE INDEX decisions_rejected ON decisions (workspace_id, updated_us, decision_id)
    WHERE phase = 'rejected' AND origin = 'native';

-- A row here: the read model does not hold yet what the log says. Whoever opens the database makes it again first.
CREATE TABLE rebuilds_due (reason text COLLATE "C" NOT NULL PRIMARY KEY);
INSERT INTO rebuilds_due (reason) SELECT 'daily_figures' WHERE EXISTS (SELECT 1 FROM events);
