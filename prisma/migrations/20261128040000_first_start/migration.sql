-- How long a start took is told by the first one: each resumption moves started_at.
ALTER TABLE sessions ADD COLUMN first_started_at timestamptz(3);
-- Of those before, the ones that nobody has resumed. What an engine's restart began again counts as it stands.
UPDATE sessions s SET first_started_at = s.started_at
WHERE s.started_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM audit_entries a WHERE a.action = 'session.resume' AND a.object_id = s.id);
