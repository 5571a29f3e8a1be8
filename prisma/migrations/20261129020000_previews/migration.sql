-- When previews of a session's ports were last used, to the minute: that is use of the session. Beside its row, whose changes
-- are announced to everybody.
CREATE TABLE "session_previews" (
    "session_id" UUID NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "session_previews_pkey" PRIMARY KEY ("session_id")
);
ALTER TABLE "session_previews" ADD CONSTRAINT "session_previews_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;
