-- Where people hear of what happened, and what was, or is to be, sent there.
CREATE TABLE "channels" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sealed_target" BYTEA NOT NULL,
    "shown_target" TEXT NOT NULL,
    "sealed_key" BYTEA,
    "events" TEXT[],
    "allow_private" BOOLEAN NOT NULL DEFAULT false,
    "created_by" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "channels_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deliveries" (
    "id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "event_key" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_until" TIMESTAMPTZ(3),
    "last_status" INTEGER,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_channel_id_event_key_key" ON "deliveries"("channel_id", "event_key");

-- CreateIndex
CREATE INDEX "deliveries_created_at_idx" ON "deliveries"("created_at" DESC);

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema can't say ------------------------------------------------

ALTER TABLE "channels" ADD CONSTRAINT "channels_kind" CHECK ("kind" IN ('webhook', 'slack'));
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_status" CHECK ("status" IN ('pending', 'sent', 'failed'));

-- What is looked for, every other second.
CREATE INDEX "deliveries_due" ON "deliveries" ("next_at") WHERE "status" = 'pending';

CREATE TRIGGER "deliveries_announce" AFTER INSERT OR UPDATE OF "status", "attempts" ON "deliveries"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('delivery');
CREATE TRIGGER "channels_announce" AFTER INSERT OR DELETE ON "channels"
  FOR EACH ROW EXECUTE FUNCTION "announce_change"('delivery');
