-- How true the client of a completed talk stayed to its life, counted by code, and who played it.
CREATE TABLE IF NOT EXISTS talk_fidelity (
    simulation_id uuid PRIMARY KEY REFERENCES simulations (id) ON DELETE CASCADE,
    provider text NOT NULL,
    turns integer NOT NULL,
    early integer NOT NULL,
    contradictions integer NOT NULL,
    blanks integer NOT NULL,
    repeats integer NOT NULL,
    measured_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE talk_memories ADD COLUMN IF NOT EXISTS provider text;
