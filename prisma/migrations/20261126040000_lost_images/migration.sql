-- Images that were deleted from their engine by somebody else: when that was found, and what was done about it.
ALTER TABLE "snapshots" ADD COLUMN "lost_at" TIMESTAMPTZ(3);
ALTER TABLE "snapshots" ADD COLUMN "removed_reason" TEXT;

-- What its reader should know about a session that is well: it started from another snapshot than the one that served.
ALTER TABLE "sessions" ADD COLUMN "notice" TEXT;

-- What a sweep compares with the engine's images.
CREATE INDEX "snapshots_ready_on_host" ON "snapshots" ("host_id") WHERE "status" = 'ready';
