-- The life of a talk's client, made when the talk begins, so that a later version of the program changes nobody's story.
CREATE TABLE IF NOT EXISTS client_lives (
    simulation_id uuid PRIMARY KEY REFERENCES simulations (id) ON DELETE CASCADE,
    life jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

-- Lives of generated profiles that no talk has been begun with yet: for a day, and the newest only.
CREATE TABLE IF NOT EXISTS waiting_lives (
    profile bytea PRIMARY KEY,
    life jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS idx_waiting_lives_made_at ON waiting_lives (made_at);
