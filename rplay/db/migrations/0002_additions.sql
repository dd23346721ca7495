-- Columns that the old backend's queries expect and its migrations never made; some databases got them by hand.
ALTER TABLE users ADD COLUMN IF NOT EXISTS updated_at timestamp DEFAULT now();
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS hashed boolean NOT NULL DEFAULT false;
ALTER TABLE simulations ADD COLUMN IF NOT EXISTS score numeric;
ALTER TABLE parameter_categories ADD COLUMN IF NOT EXISTS key text;
ALTER TABLE parameters
    ADD COLUMN IF NOT EXISTS type text CHECK (type IN ('structured', 'narrative', 'guardrails')),
    ADD COLUMN IF NOT EXISTS value jsonb,
    ADD COLUMN IF NOT EXISTS metadata jsonb,
    ALTER COLUMN value_type DROP NOT NULL;
ALTER TABLE engagement_events
    ADD COLUMN IF NOT EXISTS event_data jsonb,
    ALTER COLUMN session_id DROP NOT NULL;

CREATE TABLE IF NOT EXISTS difficulty_levels (
    id text PRIMARY KEY,
    key text UNIQUE NOT NULL,
    label text NOT NULL,
    description text NOT NULL,
    display_order int NOT NULL
);
INSERT INTO difficulty_levels (id, key, label, description, display_order) VALUES
    ('1', 'beginner', 'Beginner', 'A friendly client who answers openly and has few objections', 1),
    ('2', 'intermediate', 'Intermediate', 'A reserved client who reveals more as trust grows and raises realistic objections', 2),
    ('3', 'advanced', 'Advanced', 'A sceptical client who holds back, objects and has to be won over', 3)
ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS password_resets (
    token_hash text PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_users_email ON users (email);
CREATE INDEX IF NOT EXISTS idx_users_lower_email ON users (lower(email));
CREATE INDEX IF NOT EXISTS idx_users_company_id ON users (company_id);
CREATE INDEX IF NOT EXISTS idx_sessions_token ON sessions (token);
CREATE INDEX IF NOT EXISTS idx_sessions_user_id ON sessions (user_id);
CREATE INDEX IF NOT EXISTS idx_sessions_expires_at ON sessions (expires_at);
CREATE INDEX IF NOT EXISTS idx_simulations_user_id ON simulations (user_id);
CREATE INDEX IF NOT EXISTS idx_simulations_simulation_id ON simulations (simulation_id);
CREATE INDEX IF NOT EXISTS idx_simulations_completed_at ON simulations (completed_at);
CREATE INDEX IF NOT EXISTS idx_simulations_user_started ON simulations (user_id, started_at DESC);
CREATE INDEX IF NOT EXISTS idx_engagement_events_session_id ON engagement_events (session_id);
CREATE INDEX IF NOT EXISTS idx_engagement_events_simulation_id ON engagement_events (simulation_id);
CREATE INDEX IF NOT EXISTS idx_engagement_events_user_id ON engagement_events (user_id);
CREATE INDEX IF NOT EXISTS idx_engagement_events_event_type ON engagement_events (event_type);
CREATE INDEX IF NOT EXISTS idx_engagement_events_user_timestamp ON engagement_events (user_id, timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_nps_feedback_simulation_id ON nps_feedback (simulation_id);
CREATE INDEX IF NOT EXISTS idx_nps_feedback_user_id ON nps_feedback (user_id);
CREATE INDEX IF NOT EXISTS idx_nps_feedback_score ON nps_feedback (score);
CREATE INDEX IF NOT EXISTS idx_nps_feedback_submitted_at ON nps_feedback (submitted_at DESC);
CREATE INDEX IF NOT EXISTS idx_parameters_category_id ON parameters (category_id);
CREATE INDEX IF NOT EXISTS idx_parameters_industry ON parameters (industry);
CREATE INDEX IF NOT EXISTS idx_password_resets_user_id ON password_resets (user_id);
