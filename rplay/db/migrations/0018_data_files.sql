-- additive
-- The data files of servers that share no folder. As json, not jsonb: the order of keys counts. One that is not here has
-- its shipped content.
CREATE TABLE IF NOT EXISTS data_files (
    name text PRIMARY KEY,
    content json NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL DEFAULT now()
);
