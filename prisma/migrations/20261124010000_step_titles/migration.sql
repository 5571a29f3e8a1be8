-- The setup script can be divided into steps with names of their own; all others keep the name's usual title.
ALTER TABLE "snapshot_steps" ADD COLUMN "title" TEXT;
