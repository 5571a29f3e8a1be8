-- One delivery at a time stops a session's container: another one that is late would stop one that was taken up again.
ALTER TABLE "sessions" ADD COLUMN "stop_claim" UUID, ADD COLUMN "stop_claimed_until" TIMESTAMPTZ(3);
