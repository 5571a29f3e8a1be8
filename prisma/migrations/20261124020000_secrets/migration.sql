-- Secrets: ciphertext only, and which revision of each a snapshot was built with.

CREATE TABLE "secrets" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,
    CONSTRAINT "secrets_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "secrets_name_key" ON "secrets"("name");

-- The secret may be deleted; what a snapshot was built with stays true. So there is no foreign key to it.
CREATE TABLE "snapshot_secrets" (
    "snapshot_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "secret_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "stale" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "snapshot_secrets_pkey" PRIMARY KEY ("snapshot_id", "name")
);
ALTER TABLE "snapshot_secrets" ADD CONSTRAINT "snapshot_secrets_snapshot_id_fkey"
  FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "snapshot_secrets_current" ON "snapshot_secrets" ("name") WHERE NOT "stale";

-- Pages that show the snapshot learn that its secret was rotated.
CREATE TRIGGER "snapshot_secrets_announce" AFTER UPDATE ON "snapshot_secrets"
  FOR EACH ROW EXECUTE FUNCTION "announce_step"();
