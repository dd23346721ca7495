-- Whose a session of the log is: that of its first simulation, looked up with each line that comes.
CREATE INDEX IF NOT EXISTS idx_engagement_log_first_simulation ON engagement_log (session_id, id)
 WHERE simulation_id IS NOT NULL;
