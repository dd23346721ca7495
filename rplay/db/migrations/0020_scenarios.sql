-- additive
-- What trainers make for learners to practise with; `house` ones are for every trainer, `key` names what was imported.
CREATE TABLE IF NOT EXISTS scenarios (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key text UNIQUE,
    house boolean NOT NULL DEFAULT false,
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz
);
CREATE INDEX IF NOT EXISTS idx_scenarios_by_user_id ON scenarios (by_user_id);

-- What a scenario says, each time it was changed: a talk keeps the version it began with.
CREATE TABLE IF NOT EXISTS scenario_versions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    scenario_id uuid NOT NULL REFERENCES scenarios (id) ON DELETE CASCADE,
    version int NOT NULL,
    content jsonb NOT NULL,
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (scenario_id, version)
);
CREATE INDEX IF NOT EXISTS idx_scenario_versions_by_user_id ON scenario_versions (by_user_id);

-- A scenario for a group or for one person; `attempts` in place of the scenario's own where it is there.
CREATE TABLE IF NOT EXISTS assignments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    scenario_id uuid NOT NULL REFERENCES scenarios (id) ON DELETE CASCADE,
    group_id uuid REFERENCES groups (id) ON DELETE CASCADE,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    due_at timestamptz,
    attempts int CHECK (attempts > 0),
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((group_id IS NULL) <> (user_id IS NULL))
);
CREATE INDEX IF NOT EXISTS idx_assignments_scenario_id ON assignments (scenario_id);
CREATE INDEX IF NOT EXISTS idx_assignments_group_id ON assignments (group_id);
CREATE INDEX IF NOT EXISTS idx_assignments_user_id ON assignments (user_id);
CREATE INDEX IF NOT EXISTS idx_assignments_by_user_id ON assignments (by_user_id);

-- Each time somebody began what was assigned; it outlasts the talk, so that deleting a talk gives no attempt back.
CREATE TABLE IF NOT EXISTS assignment_attempts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    assignment_id uuid NOT NULL REFERENCES assignments (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    simulation_id uuid REFERENCES simulations (id) ON DELETE SET NULL,
    begun_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_assignment_attempts_assignment_id ON assignment_attempts (assignment_id, user_id);
CREATE INDEX IF NOT EXISTS idx_assignment_attempts_user_id ON assignment_attempts (user_id);
CREATE INDEX IF NOT EXISTS idx_assignment_attempts_simulation_id ON assignment_attempts (simulation_id);

ALTER TABLE simulation_origins ADD COLUMN IF NOT EXISTS assignment_id uuid REFERENCES assignments (id) ON DELETE SET NULL;
ALTER TABLE simulation_origins ADD COLUMN IF NOT EXISTS scenario_id uuid REFERENCES scenarios (id) ON DELETE SET NULL;
ALTER TABLE simulation_origins ADD COLUMN IF NOT EXISTS scenario_version int;
CREATE INDEX IF NOT EXISTS idx_simulation_origins_assignment_id ON simulation_origins (assignment_id);
CREATE INDEX IF NOT EXISTS idx_simulation_origins_scenario_id ON simulation_origins (scenario_id);
