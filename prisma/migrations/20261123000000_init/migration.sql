-- Kiln: the first schema.
-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('viewer', 'operator', 'admin');

-- CreateEnum
CREATE TYPE "VersionState" AS ENUM ('draft', 'published');

-- CreateEnum
CREATE TYPE "SnapshotStatus" AS ENUM ('queued', 'running', 'ready', 'failed', 'cancelled', 'removed');

-- CreateEnum
CREATE TYPE "StepStatus" AS ENUM ('pending', 'running', 'done', 'failed', 'skipped');

-- CreateEnum
CREATE TYPE "SessionStatus" AS ENUM ('queued', 'starting', 'running', 'stopping', 'stopped', 'failed', 'deleted');

-- CreateEnum
CREATE TYPE "WorkerStatus" AS ENUM ('running', 'draining', 'stopped');

-- CreateEnum
CREATE TYPE "CommandStatus" AS ENUM ('queued', 'running', 'done', 'failed');

-- CreateTable
CREATE TABLE "installation" (
    "singleton" BOOLEAN NOT NULL DEFAULT true,
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("singleton")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "password_hash" TEXT NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_ins" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "user_agent" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_ins_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_throttles" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "window_ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_throttles_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "api_tokens" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_by" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "object_kind" TEXT NOT NULL,
    "object_id" UUID,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "profiles" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "version_count" INTEGER NOT NULL DEFAULT 0,
    "snapshot_count" INTEGER NOT NULL DEFAULT 0,
    "created_by" TEXT NOT NULL DEFAULT '',
    "updated_by" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "profiles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "versions" (
    "id" UUID NOT NULL,
    "profile_id" UUID NOT NULL,
    "state" "VersionState" NOT NULL,
    "number" INTEGER,
    "spec" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "based_on" INTEGER,
    "notes" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL DEFAULT '',
    "published_at" TIMESTAMPTZ(3),
    "published_by" TEXT,
    "serving_snapshot_id" UUID,

    CONSTRAINT "versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "snapshots" (
    "id" UUID NOT NULL,
    "profile_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "trigger" TEXT NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'full',
    "status" "SnapshotStatus" NOT NULL DEFAULT 'queued',
    "requested_by_kind" TEXT NOT NULL,
    "requested_by_id" UUID,
    "requested_by_name" TEXT NOT NULL,
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "cancel_requested_by" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "losses" INTEGER NOT NULL DEFAULT 0,
    "worker_id" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "host_id" UUID,
    "container_id" TEXT,
    "base_image_id" TEXT,
    "base_image_digest" TEXT,
    "image_id" TEXT,
    "image_reference" TEXT,
    "image_size_bytes" BIGINT,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "failure_step" TEXT,
    "failure_exit_code" INTEGER,
    "failure_hint" TEXT,
    "log_seq" INTEGER NOT NULL DEFAULT 0,
    "log_lines" INTEGER NOT NULL DEFAULT 0,
    "log_bytes" BIGINT NOT NULL DEFAULT 0,
    "log_truncated_bytes" BIGINT NOT NULL DEFAULT 0,
    "log_last_line" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "snapshots_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "snapshot_steps" (
    "snapshot_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "status" "StepStatus" NOT NULL DEFAULT 'pending',
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "first_line" INTEGER,

    CONSTRAINT "snapshot_steps_pkey" PRIMARY KEY ("snapshot_id","position")
);

-- CreateTable
CREATE TABLE "log_chunks" (
    "snapshot_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "first_line" INTEGER NOT NULL,
    "line_count" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "log_chunks_pkey" PRIMARY KEY ("snapshot_id","seq")
);

-- CreateTable
CREATE TABLE "hosts" (
    "id" UUID NOT NULL,
    "engine_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "engine" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "hosts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workers" (
    "id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" "WorkerStatus" NOT NULL DEFAULT 'running',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "profile_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "snapshot_id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" "SessionStatus" NOT NULL DEFAULT 'queued',
    "env" JSONB NOT NULL DEFAULT '{}',
    "container_id" TEXT,
    "worker_id" UUID,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "created_by" TEXT NOT NULL,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "stopped_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_commands" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "command" JSONB NOT NULL,
    "timeout_seconds" INTEGER NOT NULL,
    "status" "CommandStatus" NOT NULL DEFAULT 'queued',
    "exit_code" INTEGER,
    "stdout" BYTEA,
    "stderr" BYTEA,
    "truncated" BOOLEAN NOT NULL DEFAULT false,
    "error" TEXT,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_commands_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "installation_id_key" ON "installation"("id");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "sign_ins_user_id_idx" ON "sign_ins"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_tokens_hash_key" ON "api_tokens"("hash");

-- CreateIndex
CREATE INDEX "audit_entries_at_idx" ON "audit_entries"("at" DESC);

-- CreateIndex
CREATE INDEX "audit_entries_object_id_idx" ON "audit_entries"("object_id");

-- CreateIndex
CREATE UNIQUE INDEX "profiles_slug_key" ON "profiles"("slug");

-- CreateIndex
CREATE INDEX "profiles_updated_at_idx" ON "profiles"("updated_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "versions_profile_id_number_key" ON "versions"("profile_id", "number");

-- CreateIndex
CREATE INDEX "snapshots_version_id_number_idx" ON "snapshots"("version_id", "number" DESC);

-- CreateIndex
CREATE INDEX "snapshots_queued_at_idx" ON "snapshots"("queued_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "snapshots_profile_id_number_key" ON "snapshots"("profile_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "hosts_engine_id_key" ON "hosts"("engine_id");

-- CreateIndex
CREATE INDEX "sessions_profile_id_idx" ON "sessions"("profile_id");

-- CreateIndex
CREATE INDEX "sessions_created_at_idx" ON "sessions"("created_at" DESC);

-- CreateIndex
CREATE INDEX "session_commands_session_id_idx" ON "session_commands"("session_id");

-- AddForeignKey
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "versions" ADD CONSTRAINT "versions_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profiles"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "versions" ADD CONSTRAINT "versions_serving_snapshot_id_fkey" FOREIGN KEY ("serving_snapshot_id") REFERENCES "snapshots"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profiles"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_worker_id_fkey" FOREIGN KEY ("worker_id") REFERENCES "workers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "hosts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshot_steps" ADD CONSTRAINT "snapshot_steps_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "log_chunks" ADD CONSTRAINT "log_chunks_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workers" ADD CONSTRAINT "workers_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "hosts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profiles"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "hosts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_commands" ADD CONSTRAINT "session_commands_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema can't say ------------------------------------------------

-- One draft a profile.
CREATE UNIQUE INDEX "versions_one_draft" ON "versions" ("profile_id") WHERE "state" = 'draft';

-- I1: at most one queued or running snapshot a version. The index decides, not a check.
CREATE UNIQUE INDEX "snapshots_one_active" ON "snapshots" ("version_id") WHERE "status" IN ('queued', 'running');

-- What the recovery scan reads every few seconds.
CREATE INDEX "snapshots_active" ON "snapshots" ("status", "lease_until") WHERE "status" IN ('queued', 'running');

ALTER TABLE "versions" ADD CONSTRAINT "versions_number_iff_published" CHECK (("state" = 'published') = ("number" IS NOT NULL));

-- lz4 halves a log's size on disk; a server that was built without it keeps its own compression.
DO $$ BEGIN
  ALTER TABLE "log_chunks" ALTER COLUMN "data" SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;

-- A published version is immutable for ever: only its serving pointer may move.
CREATE FUNCTION "refuse_published_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a published version cannot be deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state OR NEW.spec IS DISTINCT FROM OLD.spec
     OR NEW.number IS DISTINCT FROM OLD.number OR NEW.profile_id IS DISTINCT FROM OLD.profile_id
     OR NEW.notes IS DISTINCT FROM OLD.notes OR NEW.published_at IS DISTINCT FROM OLD.published_at
     OR NEW.published_by IS DISTINCT FROM OLD.published_by THEN
    RAISE EXCEPTION 'a published version cannot be changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "versions_immutable" BEFORE UPDATE OR DELETE ON "versions"
  FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION "refuse_published_change"();

CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries cannot be changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER "audit_append_only" BEFORE UPDATE OR DELETE ON "audit_entries"
  FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();

-- NOTIFY carries a pointer, never content: which kind of row moved, and its id. Sent at commit, so
-- that a reader that it wakes finds the row. Logs are announced by their writer, once a flush.
CREATE FUNCTION "announce_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kiln', json_build_object('kind', TG_ARGV[0], 'id', COALESCE(NEW.id, OLD.id))::text);
  RETURN NULL;
END $$;

CREATE TRIGGER "profiles_announce" AFTER INSERT OR UPDATE ON "profiles"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('profile');
CREATE TRIGGER "versions_announce" AFTER INSERT OR UPDATE OR DELETE ON "versions"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('version');
CREATE TRIGGER "snapshots_announce" AFTER INSERT OR UPDATE OF "status", "cancel_requested_at", "image_id" ON "snapshots"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('snapshot');
CREATE TRIGGER "sessions_announce" AFTER INSERT OR UPDATE ON "sessions"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('session');
CREATE TRIGGER "session_commands_announce" AFTER UPDATE OF "status" ON "session_commands"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('command');
CREATE TRIGGER "hosts_announce" AFTER INSERT OR UPDATE OF "status" ON "workers"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('worker');

CREATE FUNCTION "announce_step"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kiln', json_build_object('kind', 'snapshot', 'id', NEW.snapshot_id)::text);
  RETURN NULL;
END $$;

CREATE TRIGGER "snapshot_steps_announce" AFTER UPDATE ON "snapshot_steps"
  FOR EACH ROW EXECUTE FUNCTION "announce_step"();

