-- How long a profile's sessions live unless somebody keeps them longer, how long at most, and how long without a command.
ALTER TABLE "profiles"
    ADD COLUMN "session_hours" INTEGER NOT NULL DEFAULT 8,
    ADD COLUMN "session_max_hours" INTEGER NOT NULL DEFAULT 48,
    ADD COLUMN "session_idle_minutes" INTEGER;
ALTER TABLE "profiles" ADD CONSTRAINT "profiles_session_hours" CHECK ("session_hours" BETWEEN 1 AND 720 AND "session_max_hours" BETWEEN 1 AND 720);
ALTER TABLE "profiles" ADD CONSTRAINT "profiles_session_idle_minutes" CHECK ("session_idle_minutes" BETWEEN 5 AND 10080);

-- Why it is being stopped, when nobody asked for it: its time is up.
ALTER TABLE "sessions" ADD COLUMN "stop_reason" TEXT;

-- What was stopped before this release had its container removed: it would start anew.
UPDATE "sessions" SET "container_id" = NULL WHERE "status" = 'stopped';
