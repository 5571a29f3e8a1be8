-- A step's result may come from another profile's build, and snapshots' numbers are a profile's own.
ALTER TABLE "snapshot_steps" ADD COLUMN "reused_profile" TEXT;
