-- Where somebody has signed in, so that they still can while others guess at their password. IPv6 by /64.
CREATE TABLE IF NOT EXISTS sign_ins (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, address)
);

CREATE INDEX IF NOT EXISTS idx_sign_ins_at ON sign_ins (at);
