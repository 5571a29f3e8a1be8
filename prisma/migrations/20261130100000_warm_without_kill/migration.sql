-- Containers that were started ahead lacked a capability that sessions' own have: root in them couldn't end what had become
-- another user's. What still waits is replaced; what a session has goes with it.
UPDATE "warm_sandboxes" SET "status" = 'retiring' WHERE "status" IN ('starting', 'ready');
