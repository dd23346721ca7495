-- What AI calls take: one row a call to a provider, without a word of what was said. The sums outlive the account.
CREATE TABLE IF NOT EXISTS ai_usage (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    agent text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    tokens_in int NOT NULL,
    tokens_out int NOT NULL,
    first_token_ms int,
    ms int NOT NULL,
    outcome text NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_ai_usage_user_id ON ai_usage (user_id);
