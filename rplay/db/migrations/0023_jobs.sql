-- additive
-- Work that goes on after its request has been answered: imports, and trials of changed rules. Its page asks how far it is,
-- and may be answered by another server of several. `asked` is what the page shows of the form once more.
CREATE TABLE IF NOT EXISTS jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    by_user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    asked jsonb NOT NULL DEFAULT '{}',
    done int NOT NULL DEFAULT 0,
    total int NOT NULL,
    result jsonb,
    failed text,
    begun_at timestamptz NOT NULL DEFAULT now(),
    heard_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_jobs_by_user_id ON jobs (by_user_id);
CREATE INDEX IF NOT EXISTS idx_jobs_begun_at ON jobs (begun_at);
