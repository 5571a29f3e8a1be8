-- A page that looks at what runs in a session: no use of it, and nothing that somebody did.
ALTER TABLE session_commands ADD COLUMN passive boolean NOT NULL DEFAULT false;
