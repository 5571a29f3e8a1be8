-- A draft that is being tried is frozen in a version of its own. By itself, because Postgres lets nobody use a new
-- value in the transaction that adds it.
ALTER TYPE "VersionState" ADD VALUE 'trial';
