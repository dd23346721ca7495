-- additive
-- Mails before a deadline: how many days before it (null: none), and to whom which was handed in, so that none goes twice.
ALTER TABLE assignments ADD COLUMN IF NOT EXISTS remind_days int CHECK (remind_days BETWEEN 1 AND 60);
CREATE TABLE IF NOT EXISTS assignment_reminders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    assignment_id uuid NOT NULL REFERENCES assignments (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('before', 'day')),
    put_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (assignment_id, user_id, kind)
);
CREATE INDEX IF NOT EXISTS idx_assignment_reminders_user_id ON assignment_reminders (user_id);

-- What a mail is about, where its words need more than a number.
ALTER TABLE mail_outbox ADD COLUMN IF NOT EXISTS assignment_id uuid REFERENCES assignments (id) ON DELETE CASCADE;
CREATE INDEX IF NOT EXISTS idx_mail_outbox_assignment_id ON mail_outbox (assignment_id);

-- In which language somebody reads the pages, as far as they have.
ALTER TABLE users ADD COLUMN IF NOT EXISTS language text;
