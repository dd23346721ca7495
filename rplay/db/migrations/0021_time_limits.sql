-- additive
-- When a talk whose scenario has a time limit is over: the learner's clock starts as they open the talk.
ALTER TABLE simulation_origins ADD COLUMN IF NOT EXISTS ends_at timestamptz;
CREATE INDEX IF NOT EXISTS idx_simulation_origins_ends_at ON simulation_origins (ends_at) WHERE ends_at IS NOT NULL;
