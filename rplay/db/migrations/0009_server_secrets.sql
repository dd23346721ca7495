-- Random numbers that all servers on this database have in common.
CREATE TABLE IF NOT EXISTS server_secrets (
    name text PRIMARY KEY,
    value bytea NOT NULL
);
