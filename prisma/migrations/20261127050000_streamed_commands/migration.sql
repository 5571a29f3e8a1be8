-- A command whose output is handed on while it runs, and one that is given an input. A chunk is there from whoever has it until
-- the other side takes it.
ALTER TABLE "session_commands"
    ADD COLUMN "streamed" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "input_bytes" BIGINT;

CREATE TABLE "command_chunks" (
    "command_id" UUID NOT NULL,
    "incoming" BOOLEAN NOT NULL DEFAULT false,
    "seq" INTEGER NOT NULL,
    "stream" TEXT NOT NULL,
    "data" BYTEA NOT NULL,
    CONSTRAINT "command_chunks_pkey" PRIMARY KEY ("command_id", "incoming", "seq")
);
ALTER TABLE "command_chunks" ADD CONSTRAINT "command_chunks_command_id_fkey" FOREIGN KEY ("command_id") REFERENCES "session_commands"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE FUNCTION "announce_chunk"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kiln', json_build_object('kind', 'command', 'id', NEW.command_id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER "command_chunks_announce" AFTER INSERT ON "command_chunks"
  FOR EACH ROW EXECUTE FUNCTION "announce_chunk"();
