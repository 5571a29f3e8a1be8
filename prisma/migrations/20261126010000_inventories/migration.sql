-- What is in a snapshot, taken once after it became ready.

-- A row is there from the first try on. Without a time it is still being taken, or was given up after the last try.
CREATE TABLE "inventories" (
    "snapshot_id" UUID NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "taker_id" UUID,
    "retry_at" TIMESTAMPTZ(3),
    "error" TEXT,
    "taken_at" TIMESTAMPTZ(3),
    "content" JSONB,

    CONSTRAINT "inventories_pkey" PRIMARY KEY ("snapshot_id")
);
ALTER TABLE "inventories" ADD CONSTRAINT "inventories_snapshot_id_fkey"
  FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "inventories" ADD CONSTRAINT "inventories_whole" CHECK (("taken_at" IS NULL) = ("content" IS NULL));
-- A server that was built without lz4 keeps its own compression.
DO $$ BEGIN
  ALTER TABLE "inventories" ALTER COLUMN "content" SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;
CREATE INDEX "inventories_taken_now" ON "inventories" ("taker_id") WHERE "taker_id" IS NOT NULL;

-- The programs of a base image, by its id on an engine: what a snapshot has beyond them is new.
CREATE TABLE "base_programs" (
    "image_id" TEXT NOT NULL,
    "paths" JSONB NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "base_programs_pkey" PRIMARY KEY ("image_id")
);

-- Pages and callers that wait for it learn when it is there, or given up.
CREATE FUNCTION "announce_inventory"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kiln', json_build_object('kind', 'inventory', 'id', NEW.snapshot_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER "inventories_announce" AFTER UPDATE OF "taken_at", "error" ON "inventories"
  FOR EACH ROW EXECUTE FUNCTION "announce_inventory"();
