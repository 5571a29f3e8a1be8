-- A log keeps its beginning and its end; what was between them is known by its numbers.
ALTER TABLE "snapshots" ADD COLUMN "log_cut_from" INTEGER, ADD COLUMN "log_cut_to" INTEGER,
  ADD COLUMN "log_expired_at" TIMESTAMPTZ(3), ADD COLUMN "log_tail" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "snapshot_steps" ADD COLUMN "cut_stdout" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "cut_stderr" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "log_chunks" ADD COLUMN "bytes" INTEGER, ADD COLUMN "stdout_lines" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "stderr_lines" INTEGER NOT NULL DEFAULT 0;

-- What is kept of snapshots that have ended.
CREATE TABLE "log_parts" (
    "snapshot_id" UUID NOT NULL,
    "first_seq" INTEGER NOT NULL,
    "last_seq" INTEGER NOT NULL,
    "first_line" INTEGER NOT NULL,
    "last_line" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "log_parts_pkey" PRIMARY KEY ("snapshot_id","last_seq")
);
ALTER TABLE "log_parts" ADD CONSTRAINT "log_parts_snapshot_id_fkey"
  FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- It is compressed already.
ALTER TABLE "log_parts" ALTER COLUMN "data" SET STORAGE EXTERNAL;

-- Chunks come and go; the room of those that went has to be free for the next ones soon.
ALTER TABLE "log_chunks" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500,
  toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_threshold = 2000);
ALTER TABLE "log_parts" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500,
  toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_threshold = 2000);
