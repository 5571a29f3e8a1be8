-- Whose a profile is, what people are told, and what they want to be told.
CREATE TABLE "profile_owners" (
    "profile_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,

    CONSTRAINT "profile_owners_pkey" PRIMARY KEY ("profile_id","user_id")
);

-- CreateTable
CREATE TABLE "inbox_messages" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "event_key" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscriptions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "profile_id" UUID,
    "events" TEXT[],

    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "profile_owners_user_id_idx" ON "profile_owners"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_messages_user_id_event_key_key" ON "inbox_messages"("user_id", "event_key");

-- CreateIndex
CREATE INDEX "inbox_messages_user_id_id_idx" ON "inbox_messages"("user_id", "id" DESC);

-- CreateIndex
CREATE INDEX "inbox_messages_created_at_idx" ON "inbox_messages"("created_at");

-- AddForeignKey
ALTER TABLE "profile_owners" ADD CONSTRAINT "profile_owners_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profiles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "profile_owners" ADD CONSTRAINT "profile_owners_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inbox_messages" ADD CONSTRAINT "inbox_messages_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profiles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What people hear of without having asked, until they switch it off.
ALTER TABLE "users"
    ADD COLUMN "told_of_owned" BOOLEAN NOT NULL DEFAULT true,
    ADD COLUMN "told_of_hosts" BOOLEAN NOT NULL DEFAULT true;

-- A channel for chosen profiles only; none is all.
ALTER TABLE "channels" ADD COLUMN "profile_ids" UUID[] NOT NULL DEFAULT ARRAY[]::UUID[];

ALTER TABLE "hosts" ADD COLUMN "disk_low_since" TIMESTAMPTZ(3);
ALTER TABLE "workers" ADD COLUMN "gone_at" TIMESTAMPTZ(3);
-- Those that went before anybody was told of it: that isn't news.
UPDATE "workers" SET "gone_at" = "seen_at" WHERE "status" = 'running' AND "seen_at" < now() - interval '30 seconds';

-- Whoever made a profile is its first owner, as the audit log has it.
INSERT INTO "profile_owners" ("profile_id", "user_id")
SELECT DISTINCT p.id, u.id FROM "audit_entries" a JOIN "profiles" p ON p.id = a.object_id JOIN "users" u ON u.id = a.actor_id
WHERE a.action = 'profile.create' AND a.object_kind = 'profile' AND a.actor_kind = 'user'
ON CONFLICT DO NOTHING;

-- What Prisma's schema can't say ------------------------------------------------

ALTER TABLE "channels" DROP CONSTRAINT "channels_kind";
ALTER TABLE "channels" ADD CONSTRAINT "channels_kind" CHECK ("kind" IN ('webhook', 'slack', 'email'));

-- One subscription to all profiles, and one to each.
CREATE UNIQUE INDEX "subscriptions_all" ON "subscriptions" ("user_id") WHERE "profile_id" IS NULL;
CREATE UNIQUE INDEX "subscriptions_one" ON "subscriptions" ("user_id", "profile_id") WHERE "profile_id" IS NOT NULL;
CREATE INDEX "subscriptions_profile" ON "subscriptions" ("profile_id");

-- What the bell counts.
CREATE INDEX "inbox_messages_unread" ON "inbox_messages" ("user_id") WHERE "read_at" IS NULL;

-- Nobody is told now of workers that went long ago.
UPDATE "workers" SET "gone_at" = now() WHERE "status" = 'running' AND "seen_at" < now() - interval '5 minutes';
CREATE INDEX "workers_beating" ON "workers" ("seen_at") WHERE "status" = 'running' AND "gone_at" IS NULL;

-- A UUIDv7 of this moment, for rows that are made in many by one statement.
CREATE FUNCTION "uuid_v7"() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- The pointer is the person's: whoever looks at an inbox looks at their own.
CREATE FUNCTION "announce_inbox"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kiln', json_build_object('kind', 'inbox', 'id', NEW.user_id)::text);
  RETURN NULL;
END $$;

CREATE TRIGGER "inbox_messages_announce" AFTER INSERT OR UPDATE OF "read_at" ON "inbox_messages"
  FOR EACH ROW EXECUTE FUNCTION "announce_inbox"();
CREATE TRIGGER "subscriptions_announce" AFTER INSERT OR UPDATE ON "subscriptions"
  FOR EACH ROW EXECUTE FUNCTION "announce_inbox"();
