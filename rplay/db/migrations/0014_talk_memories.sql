-- What is kept of a long talk for the model that plays its client: a summary of its beginning, and the progress measured
-- last. Each with a digest of the messages it was made of, as a talk may be taken back and go on in another way.
CREATE TABLE IF NOT EXISTS talk_memories (
    simulation_id uuid PRIMARY KEY REFERENCES simulations (id) ON DELETE CASCADE,
    summary text,
    summed integer NOT NULL DEFAULT 0,
    summed_digest text,
    progress jsonb,
    measured integer NOT NULL DEFAULT 0,
    measured_digest text
);
