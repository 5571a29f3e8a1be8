-- Caches: volumes that a profile's builds share. And what a worker's containers run with.
-- CreateTable
CREATE TABLE "caches" (
    "id" UUID NOT NULL,
    "profile_id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "volume" TEXT NOT NULL,
    "bytes" BIGINT,
    "measured_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "held_by" UUID,
    "clear_requested_at" TIMESTAMPTZ(3),
    "clear_requested_by" TEXT,
    "cleared_at" TIMESTAMPTZ(3),

    CONSTRAINT "caches_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "caches_profile_id_host_id_path_key" ON "caches"("profile_id", "host_id", "path");

-- CreateIndex
CREATE INDEX "caches_host_id_idx" ON "caches"("host_id");

-- AddForeignKey
ALTER TABLE "caches" ADD CONSTRAINT "caches_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profiles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caches" ADD CONSTRAINT "caches_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "hosts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "workers" ADD COLUMN "container_runtime" TEXT NOT NULL DEFAULT '';

-- What Prisma's schema can't say ------------------------------------------------

CREATE TRIGGER "caches_announce"
  AFTER INSERT OR DELETE OR UPDATE OF "bytes", "used_at", "clear_requested_at", "cleared_at" ON "caches"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('cache');
