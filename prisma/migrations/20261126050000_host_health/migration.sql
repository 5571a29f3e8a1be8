-- Whether a host's container engine answers, as its workers see it: why it doesn't, since when, and when it last did.
ALTER TABLE "hosts" ADD COLUMN "engine_error" TEXT;
ALTER TABLE "hosts" ADD COLUMN "engine_away_since" TIMESTAMPTZ(3);
ALTER TABLE "hosts" ADD COLUMN "engine_seen_at" TIMESTAMPTZ(3);
ALTER TABLE "hosts" ADD CONSTRAINT "hosts_engine_away" CHECK (("engine_error" IS NULL) = ("engine_away_since" IS NULL));
