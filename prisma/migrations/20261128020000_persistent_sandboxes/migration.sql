-- Sessions whose chosen paths outlive their container: each path is a volume of its own.
ALTER TABLE "installation"
    ADD COLUMN "persistent_allowed" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "persistent_allowed_by" TEXT;

ALTER TABLE "sessions"
    ADD COLUMN "persistent" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "moving_to_id" UUID;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_moving_to_id_fkey" FOREIGN KEY ("moving_to_id") REFERENCES "snapshots"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_moving" CHECK ("moving_to_id" IS NULL OR "persistent");

-- CreateTable
CREATE TABLE "session_volumes" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "volume" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'new',
    "bytes" BIGINT,
    "measured_at" TIMESTAMPTZ(3),
    "held_by" UUID,
    "archive_file" TEXT,
    "archive_bytes" BIGINT,
    "archive_sha256" TEXT,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_volumes_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "session_volumes_session_id_path_key" ON "session_volumes"("session_id", "path");
CREATE UNIQUE INDEX "session_volumes_volume_key" ON "session_volumes"("volume");
ALTER TABLE "session_volumes" ADD CONSTRAINT "session_volumes_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema can't say ------------------------------------------------

-- What is archived has its archive's name, size and checksum: without them its volume would go for nothing.
ALTER TABLE "session_volumes" ADD CONSTRAINT "session_volumes_state" CHECK (
    "state" IN ('new', 'live') OR ("state" = 'archiving' AND "archive_file" IS NOT NULL)
    OR ("state" IN ('archived', 'restoring') AND "archive_file" IS NOT NULL AND "archive_bytes" IS NOT NULL AND "archive_sha256" IS NOT NULL));

CREATE FUNCTION "announce_session_volume"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kiln', json_build_object('kind', 'session', 'id', NEW.session_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER "session_volumes_announce" AFTER INSERT OR UPDATE OF "state", "bytes" ON "session_volumes"
  FOR EACH ROW EXECUTE FUNCTION "announce_session_volume"();
