-- Sandboxes that are started ahead from what a profile's sessions start from, for a session to take.
ALTER TABLE "profiles" ADD COLUMN "pool_size" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "profiles" ADD CONSTRAINT "profiles_pool_size" CHECK ("pool_size" BETWEEN 0 AND 20);
ALTER TABLE "sessions" ADD COLUMN "from_pool" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "warm_sandboxes" (
    "id" UUID NOT NULL,
    "profile_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "snapshot_id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "worker_id" UUID NOT NULL,
    "runtime" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT 'starting',
    "container_id" TEXT,
    "session_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ready_at" TIMESTAMPTZ(3),
    "claimed_at" TIMESTAMPTZ(3),

    CONSTRAINT "warm_sandboxes_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "warm_sandboxes_container_id_key" ON "warm_sandboxes"("container_id");
CREATE UNIQUE INDEX "warm_sandboxes_session_id_key" ON "warm_sandboxes"("session_id");
CREATE INDEX "warm_sandboxes_profile_id_idx" ON "warm_sandboxes"("profile_id");
CREATE INDEX "warm_sandboxes_host_id_idx" ON "warm_sandboxes"("host_id");
CREATE INDEX "warm_sandboxes_snapshot_id_status_idx" ON "warm_sandboxes"("snapshot_id", "status");
ALTER TABLE "warm_sandboxes" ADD CONSTRAINT "warm_sandboxes_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profiles"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "warm_sandboxes" ADD CONSTRAINT "warm_sandboxes_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "warm_sandboxes" ADD CONSTRAINT "warm_sandboxes_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "warm_sandboxes" ADD CONSTRAINT "warm_sandboxes_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "hosts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "warm_looks" (
    "id" UUID NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "memory_bytes" BIGINT,
    "cpu_seconds" DOUBLE PRECISION,
    "cpu_share" DOUBLE PRECISION,
    "measured_at" TIMESTAMPTZ(3),

    CONSTRAINT "warm_looks_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "warm_looks" ADD CONSTRAINT "warm_looks_id_fkey" FOREIGN KEY ("id") REFERENCES "warm_sandboxes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "warm_pool_failures" (
    "profile_id" UUID NOT NULL,
    "snapshot_id" UUID NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 1,
    "retry_at" TIMESTAMPTZ(3) NOT NULL,
    "error" TEXT NOT NULL,

    CONSTRAINT "warm_pool_failures_pkey" PRIMARY KEY ("profile_id")
);
ALTER TABLE "warm_pool_failures" ADD CONSTRAINT "warm_pool_failures_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profiles"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "warm_pool_failures" ADD CONSTRAINT "warm_pool_failures_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema can't say ------------------------------------------------

-- The claim is the first statement of a session's start: the session's own row comes a moment later, in the same transaction.
ALTER TABLE "warm_sandboxes" ADD CONSTRAINT "warm_sandboxes_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id")
    ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
-- What a session may take has a container, and what it took is a session's.
ALTER TABLE "warm_sandboxes" ADD CONSTRAINT "warm_sandboxes_status" CHECK (
    ("status" = 'starting' AND "container_id" IS NULL AND "session_id" IS NULL)
    OR ("status" = 'ready' AND "container_id" IS NOT NULL AND "session_id" IS NULL)
    OR ("status" IN ('claimed', 'given') AND "container_id" IS NOT NULL AND "session_id" IS NOT NULL)
    OR ("status" = 'retiring' AND "session_id" IS NULL));

-- Whoever shows a pool asks for the profile's, so that is what changed.
CREATE FUNCTION "announce_pool"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kiln', json_build_object('kind', 'pool', 'id', COALESCE(NEW.profile_id, OLD.profile_id))::text);
  RETURN NULL;
END $$;
CREATE TRIGGER "warm_sandboxes_announce" AFTER INSERT OR DELETE OR UPDATE OF "status" ON "warm_sandboxes"
  FOR EACH ROW EXECUTE FUNCTION "announce_pool"();
CREATE FUNCTION "announce_warm_look"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kiln', json_build_object('kind', 'pool', 'id', w.profile_id)::text) FROM warm_sandboxes w WHERE w.id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER "warm_looks_announce" AFTER UPDATE OF "memory_bytes" ON "warm_looks"
  FOR EACH ROW EXECUTE FUNCTION "announce_warm_look"();
CREATE TRIGGER "warm_pool_failures_announce" AFTER INSERT OR DELETE OR UPDATE ON "warm_pool_failures"
  FOR EACH ROW EXECUTE FUNCTION "announce_pool"();
