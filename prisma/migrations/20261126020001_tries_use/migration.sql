-- Tries of drafts, containers that are kept after a failure, and when a cancellation was enforced.
-- AlterTable
ALTER TABLE "snapshots" ADD COLUMN "cancel_enforced_at" TIMESTAMPTZ(3);
ALTER TABLE "snapshots" ADD COLUMN "keep_on_failure" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "snapshots" ADD COLUMN "kept_until" TIMESTAMPTZ(3);
ALTER TABLE "snapshots" ADD COLUMN "kept_container_id" TEXT;
ALTER TABLE "snapshots" ADD COLUMN "kept_image_id" TEXT;
-- Until now a build's containers went before its end was told.
UPDATE "snapshots" SET "cancel_enforced_at" = "finished_at" WHERE "status" = 'cancelled';

-- A command runs in a session's sandbox or in one that a failed build left.
ALTER TABLE "session_commands" ALTER COLUMN "session_id" DROP NOT NULL;
ALTER TABLE "session_commands" ADD COLUMN "snapshot_id" UUID;
ALTER TABLE "session_commands" ADD CONSTRAINT "session_commands_one_place" CHECK (num_nonnulls("session_id", "snapshot_id") = 1);

-- CreateIndex
CREATE INDEX "session_commands_snapshot_id_idx" ON "session_commands"("snapshot_id");

-- AddForeignKey
ALTER TABLE "session_commands" ADD CONSTRAINT "session_commands_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema can't say ------------------------------------------------

-- At most one try of a profile's draft is queued or running. The index decides, not a check.
CREATE UNIQUE INDEX "snapshots_one_try" ON "snapshots" ("profile_id") WHERE "trigger" = 'try' AND "status" IN ('queued', 'running');

-- What workers look for every half minute.
CREATE INDEX "snapshots_kept" ON "snapshots" ("kept_until") WHERE "kept_container_id" IS NOT NULL;
CREATE INDEX "snapshots_cancel_open" ON "snapshots" ("host_id") WHERE "status" = 'cancelled' AND "cancel_enforced_at" IS NULL;

-- Whatever code forgets it: sessions never start from a try.
ALTER TABLE "versions" ADD CONSTRAINT "versions_only_published_serve" CHECK ("state" = 'published' OR "serving_snapshot_id" IS NULL);

-- What was tried is what is shown. It may be deleted, with its snapshot.
CREATE FUNCTION "refuse_trial_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a tried draft cannot be changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER "versions_trial_immutable" BEFORE UPDATE ON "versions"
  FOR EACH ROW WHEN (OLD.state = 'trial') EXECUTE FUNCTION "refuse_trial_change"();

CREATE TRIGGER "snapshots_kept_announce" AFTER UPDATE OF "kept_until", "kept_container_id", "cancel_enforced_at", "keep_on_failure" ON "snapshots"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('snapshot');
