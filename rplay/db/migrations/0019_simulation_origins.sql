-- additive
-- Where a simulation comes from: what was to be practised and, where it is tried again, whose next try it is, from which
-- line on.
CREATE TABLE IF NOT EXISTS simulation_origins (
    simulation_id uuid PRIMARY KEY REFERENCES simulations (id) ON DELETE CASCADE,
    parent_id uuid REFERENCES simulations (id) ON DELETE SET NULL,
    from_line int NOT NULL DEFAULT 0 CHECK (from_line >= 0),
    focus_areas jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX IF NOT EXISTS idx_simulation_origins_parent_id ON simulation_origins (parent_id);
