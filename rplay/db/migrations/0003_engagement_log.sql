-- What the web frontend reports of a session as it goes on: one row an event, also from people who are not signed in.
CREATE TABLE IF NOT EXISTS engagement_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type text NOT NULL,
    session_id text NOT NULL,
    simulation_id text,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    metadata jsonb NOT NULL DEFAULT '{}',
    timestamp timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS idx_engagement_log_session_id ON engagement_log (session_id, timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_engagement_log_timestamp ON engagement_log (timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_engagement_log_simulation_id ON engagement_log (simulation_id);
CREATE INDEX IF NOT EXISTS idx_engagement_log_user_id ON engagement_log (user_id);
