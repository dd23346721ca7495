-- additive
-- Mails that have to be sent still: what they are about and where their link leads, never a token and not their words.
CREATE TABLE IF NOT EXISTS mail_outbox (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    link text NOT NULL,
    score numeric,
    tries integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    next_try_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_mail_outbox_next_try_at ON mail_outbox (next_try_at);
CREATE INDEX IF NOT EXISTS idx_mail_outbox_user_id ON mail_outbox (user_id);
