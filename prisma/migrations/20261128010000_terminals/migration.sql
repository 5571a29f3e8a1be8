-- Where a worker takes terminals; null for one that doesn't.
ALTER TABLE "workers" ADD COLUMN "gateway" TEXT;

-- A shell in a session, held by the worker that started it. The row is there before the shell.
CREATE TABLE "terminals" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "worker_id" UUID NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    CONSTRAINT "terminals_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "terminals" ADD CONSTRAINT "terminals_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "terminals" ADD CONSTRAINT "terminals_worker_id_fkey" FOREIGN KEY ("worker_id") REFERENCES "workers"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "terminals_session_id_idx" ON "terminals"("session_id");
CREATE INDEX "terminals_worker_id_idx" ON "terminals"("worker_id");

-- The tickets that were used, until they would have expired anyway: each opens a terminal once.
CREATE TABLE "used_tickets" (
    "id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "used_tickets_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "used_tickets_expires_at_idx" ON "used_tickets"("expires_at");
