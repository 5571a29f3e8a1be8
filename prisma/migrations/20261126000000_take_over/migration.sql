-- Builds outlive their worker; what a step left is kept as a layer and used again.
-- AlterTable
ALTER TABLE "snapshots" ADD COLUMN "fence" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "snapshots" ADD COLUMN "takeovers" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "snapshots" ADD COLUMN "reuse" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "snapshots" ADD COLUMN "built_on_id" UUID;
ALTER TABLE "snapshots" DROP COLUMN "container_id";
-- Builds that run during the change keep their claim.
UPDATE "snapshots" SET "fence" = "attempt";

ALTER TABLE "snapshot_steps" ADD COLUMN "container_id" TEXT;
ALTER TABLE "snapshot_steps" ADD COLUMN "layer_id" TEXT;
ALTER TABLE "snapshot_steps" ADD COLUMN "reused_from" INTEGER;

-- CreateTable
CREATE TABLE "layers" (
    "id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "image_id" TEXT NOT NULL,
    "snapshot_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "layers_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "layers_host_id_key_key" ON "layers"("host_id", "key");

-- CreateIndex
CREATE INDEX "layers_snapshot_id_idx" ON "layers"("snapshot_id");

-- AddForeignKey
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_built_on_id_fkey" FOREIGN KEY ("built_on_id") REFERENCES "snapshots"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "layers" ADD CONSTRAINT "layers_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "hosts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "layers" ADD CONSTRAINT "layers_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;
