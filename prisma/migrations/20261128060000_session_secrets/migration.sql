-- A session may be given secrets by their names. Its commands and terminals get them, and its own variables.
ALTER TABLE "sessions" ADD COLUMN "secrets" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "session_commands" ADD COLUMN "with_environment" BOOLEAN NOT NULL DEFAULT false;
