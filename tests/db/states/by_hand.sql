-- The later additions, as somebody made them by hand on some databases.
ALTER TABLE users ADD COLUMN updated_at timestamp DEFAULT now();
ALTER TABLE simulations ADD COLUMN score numeric;
ALTER TABLE parameter_categories ADD COLUMN key text;
ALTER TABLE parameters ADD COLUMN type text CHECK (type IN ('structured', 'narrative', 'guardrails')),
    ADD COLUMN value jsonb, ADD COLUMN metadata jsonb, ALTER COLUMN value_type DROP NOT NULL;
ALTER TABLE engagement_events ADD COLUMN event_data jsonb, ALTER COLUMN session_id DROP NOT NULL;
CREATE TABLE difficulty_levels (
    id text PRIMARY KEY, key text UNIQUE NOT NULL, label text NOT NULL, description text NOT NULL,
    display_order int NOT NULL
);
INSERT INTO difficulty_levels VALUES ('1', 'beginner', 'Anfang', 'made by hand', 1);
