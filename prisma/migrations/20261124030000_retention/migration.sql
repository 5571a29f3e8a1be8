-- Roll back, pin, retention, sweeps and disks.
-- AlterTable
ALTER TABLE "profiles" ADD COLUMN "keep_snapshots" INTEGER NOT NULL DEFAULT 3;
ALTER TABLE "profiles" ADD CONSTRAINT "profiles_keep_snapshots" CHECK ("keep_snapshots" BETWEEN 1 AND 50);

ALTER TABLE "versions" ADD COLUMN "pinned" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "versions" ADD COLUMN "serving_by" TEXT;
ALTER TABLE "versions" ADD COLUMN "serving_reason" TEXT;

ALTER TABLE "snapshots" ADD COLUMN "waiting_reason" TEXT;

ALTER TABLE "hosts" ADD COLUMN "data_root" TEXT NOT NULL DEFAULT '';
ALTER TABLE "hosts" ADD COLUMN "disk_free_bytes" BIGINT;
ALTER TABLE "hosts" ADD COLUMN "disk_total_bytes" BIGINT;
ALTER TABLE "hosts" ADD COLUMN "disk_seen_at" TIMESTAMPTZ(3);
ALTER TABLE "hosts" ADD COLUMN "sweep_by" UUID;
ALTER TABLE "hosts" ADD COLUMN "sweep_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "sweeps" (
    "id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "dry_run" BOOLEAN NOT NULL,
    "status" "CommandStatus" NOT NULL DEFAULT 'queued',
    "items" JSONB NOT NULL DEFAULT '[]',
    "error" TEXT,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "sweeps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sweeps_host_id_idx" ON "sweeps"("host_id");

-- CreateIndex
CREATE INDEX "sessions_snapshot_id_idx" ON "sessions"("snapshot_id");

-- AddForeignKey
ALTER TABLE "sweeps" ADD CONSTRAINT "sweeps_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "hosts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema can't say ------------------------------------------------

CREATE TRIGGER "sweeps_announce" AFTER UPDATE OF "status" ON "sweeps"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('command');
CREATE TRIGGER "snapshots_waiting_announce" AFTER UPDATE OF "waiting_reason" ON "snapshots"
  FOR EACH ROW WHEN (NEW."waiting_reason" IS DISTINCT FROM OLD."waiting_reason") EXECUTE FUNCTION "announce_change"('snapshot');
