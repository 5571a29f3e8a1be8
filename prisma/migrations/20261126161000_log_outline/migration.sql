-- What a chunk's lines say about the log's shape, as lib/logs/marks.ts finds it; null for nothing, and in chunks from before.
ALTER TABLE "log_chunks" ADD COLUMN "marks" JSONB;

-- The shape of a log whose chunks were packed into parts: sections and marks, which nobody could see in those.
CREATE TABLE "log_outlines" (
    "snapshot_id" UUID NOT NULL,
    "content" JSONB NOT NULL,

    CONSTRAINT "log_outlines_pkey" PRIMARY KEY ("snapshot_id")
);
ALTER TABLE "log_outlines" ADD CONSTRAINT "log_outlines_snapshot_id_fkey"
  FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;
