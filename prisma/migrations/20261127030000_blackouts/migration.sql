-- Times in which no refresh starts by itself: an array of lib/schedules/wire.ts' windows.
ALTER TABLE "installation" ADD COLUMN "blackouts" JSONB NOT NULL DEFAULT '[]';
