-- Other reasons to refresh than a schedule, each switched on by profile.
ALTER TABLE "profiles"
    ADD COLUMN "refresh_on_secret" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "refresh_after_days" INTEGER;

ALTER TABLE "profiles" ADD CONSTRAINT "profiles_refresh_after_days" CHECK ("refresh_after_days" BETWEEN 1 AND 365);
