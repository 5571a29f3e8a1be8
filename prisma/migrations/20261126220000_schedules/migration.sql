-- Schedules of published versions, what became of each time they were due, and the pause of all of them.
CREATE TABLE "schedules" (
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "cron" TEXT NOT NULL,
    "timezone" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "paused_reason" TEXT,
    "counted_from" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3),
    "run_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "schedules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedule_runs" (
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "outcome" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "snapshot_id" UUID,

    CONSTRAINT "schedule_runs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "schedules_version_id_key" ON "schedules"("version_id");

-- CreateIndex
CREATE UNIQUE INDEX "schedule_runs_version_id_due_at_key" ON "schedule_runs"("version_id", "due_at");

-- CreateIndex
CREATE INDEX "schedule_runs_at_idx" ON "schedule_runs"("at" DESC);

-- AddForeignKey
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "profiles" ADD COLUMN "schedule_cron" TEXT, ADD COLUMN "schedule_timezone" TEXT;

ALTER TABLE "installation"
    ADD COLUMN "background_paused_at" TIMESTAMPTZ(3),
    ADD COLUMN "background_paused_by" TEXT,
    ADD COLUMN "background_paused_reason" TEXT;

-- What Prisma's schema can't say ------------------------------------------------

-- What the dispatcher looks for, every other second.
CREATE INDEX "schedules_due" ON "schedules" ("run_at") WHERE "enabled" AND "paused_reason" IS NULL;

ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_outcome" CHECK ("outcome" IN ('ran', 'joined', 'skipped'));

-- A schedule is a part of its version to whoever looks at one.
CREATE FUNCTION "announce_version_part"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kiln', json_build_object('kind', 'version', 'id', COALESCE(NEW.version_id, OLD.version_id))::text);
  RETURN NULL;
END $$;

CREATE TRIGGER "schedules_announce" AFTER INSERT OR UPDATE OR DELETE ON "schedules"
  FOR EACH ROW EXECUTE FUNCTION "announce_version_part"();
