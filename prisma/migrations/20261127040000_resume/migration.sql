-- A stopped session can be taken up again. By itself, because Postgres lets nobody use a new value in the transaction
-- that adds it.
ALTER TYPE "SessionStatus" ADD VALUE 'resuming';
ALTER TYPE "SessionStatus" ADD VALUE 'expired';
