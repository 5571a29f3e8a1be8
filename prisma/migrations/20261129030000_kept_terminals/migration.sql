-- A shell may also be in the container that a failed build left.
ALTER TABLE "terminals" ALTER COLUMN "session_id" DROP NOT NULL;
ALTER TABLE "terminals" ADD COLUMN "snapshot_id" UUID REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "terminals" ADD CONSTRAINT "terminals_one_place" CHECK (num_nonnulls(session_id, snapshot_id) = 1);
CREATE INDEX "terminals_snapshot_id_idx" ON "terminals"("snapshot_id");
