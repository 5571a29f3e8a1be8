-- What a snapshot was built from moves on elsewhere: its base image in a registry, its repositories on their servers.
ALTER TABLE "profiles"
    ADD COLUMN "refresh_on_base" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "refresh_on_repository" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "snapshots"
    ADD COLUMN "upstream_at" TIMESTAMPTZ(3),
    ADD COLUMN "upstream_by" UUID,
    ADD COLUMN "upstream_checked_at" TIMESTAMPTZ(3),
    ADD COLUMN "upstream_error" TEXT,
    ADD COLUMN "base_moved_at" TIMESTAMPTZ(3),
    ADD COLUMN "repository_moved_at" TIMESTAMPTZ(3),
    ADD COLUMN "repositories_moved" TEXT[] NOT NULL DEFAULT '{}';

-- A refresh that a hook asked for and that can't be queued yet: since when, and which hook.
ALTER TABLE "profiles"
    ADD COLUMN "hook_waiting_since" TIMESTAMPTZ(3),
    ADD COLUMN "hook_waiting_by" TEXT;
CREATE INDEX "profiles_hook_waiting" ON "profiles" ("hook_waiting_since") WHERE "hook_waiting_since" IS NOT NULL;

-- Addresses that others post to when a profile should be refreshed.
CREATE TABLE "hooks" (
    "id" UUID NOT NULL,
    "profile_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_at" TIMESTAMPTZ(3),
    "last_outcome" TEXT,
    CONSTRAINT "hooks_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "hooks_token_key" ON "hooks" ("token");
CREATE INDEX "hooks_profile_id_idx" ON "hooks" ("profile_id");
ALTER TABLE "hooks" ADD CONSTRAINT "hooks_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profiles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a hook has taken already: the same message a second time does nothing.
CREATE TABLE "hook_messages" (
    "hook_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "hook_messages_pkey" PRIMARY KEY ("hook_id", "key")
);
CREATE INDEX "hook_messages_at_idx" ON "hook_messages" ("at");
ALTER TABLE "hook_messages" ADD CONSTRAINT "hook_messages_hook_id_fkey" FOREIGN KEY ("hook_id") REFERENCES "hooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE INDEX "snapshots_upstream_by" ON "snapshots" ("upstream_by") WHERE "upstream_by" IS NOT NULL;

CREATE TRIGGER "snapshots_moved_announce" AFTER UPDATE OF "base_moved_at", "repository_moved_at" ON "snapshots"
  FOR EACH ROW WHEN (OLD.base_moved_at IS DISTINCT FROM NEW.base_moved_at OR OLD.repository_moved_at IS DISTINCT FROM NEW.repository_moved_at)
  EXECUTE FUNCTION "announce_change"('snapshot');
