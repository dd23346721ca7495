-- additive
-- Groups decide which learners' talks a trainer sees.
CREATE TABLE IF NOT EXISTS groups (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX IF NOT EXISTS idx_groups_name ON groups (lower(name));

CREATE TABLE IF NOT EXISTS group_members (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    group_id uuid NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('trainer', 'learner')),
    added_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (group_id, user_id)
);
CREATE INDEX IF NOT EXISTS idx_group_members_user_id ON group_members (user_id, role);

-- Every review that was made of a talk, by number: what the client sent with its end, and what the server made.
-- `scores` holds the numbers of `review` by competency, with `overall`.
CREATE TABLE IF NOT EXISTS reviews (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    simulation_id uuid NOT NULL REFERENCES simulations (id) ON DELETE CASCADE,
    version int NOT NULL,
    source text NOT NULL CHECK (source IN ('client', 'server')),
    review jsonb NOT NULL,
    scores jsonb NOT NULL DEFAULT '{}',
    flagged boolean NOT NULL DEFAULT false,
    provider text,
    model text,
    prompt_version text,
    rubric_hash text,
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (simulation_id, version)
);
CREATE INDEX IF NOT EXISTS idx_reviews_by_user_id ON reviews (by_user_id);

-- A learner's doubt about one number, and what became of it.
CREATE TABLE IF NOT EXISTS review_disputes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    simulation_id uuid NOT NULL REFERENCES simulations (id) ON DELETE CASCADE,
    review_id uuid NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    number text NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    resolution text CHECK (resolution IN ('kept', 'changed')),
    score numeric CHECK (score BETWEEN 1 AND 10),
    resolution_reason text,
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    resolved_at timestamptz,
    UNIQUE (simulation_id, number)
);
CREATE INDEX IF NOT EXISTS idx_review_disputes_review_id ON review_disputes (review_id);
CREATE INDEX IF NOT EXISTS idx_review_disputes_by_user_id ON review_disputes (by_user_id);

-- Numbers that people put in place of a review's; the newest of each holds, whatever reviews come after it.
CREATE TABLE IF NOT EXISTS review_overrides (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    simulation_id uuid NOT NULL REFERENCES simulations (id) ON DELETE CASCADE,
    review_id uuid NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    number text NOT NULL,
    score numeric NOT NULL CHECK (score BETWEEN 1 AND 10),
    reason text NOT NULL,
    dispute_id uuid REFERENCES review_disputes (id) ON DELETE CASCADE,
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_review_overrides_simulation_id ON review_overrides (simulation_id, number, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_review_overrides_review_id ON review_overrides (review_id);
CREATE INDEX IF NOT EXISTS idx_review_overrides_dispute_id ON review_overrides (dispute_id);
CREATE INDEX IF NOT EXISTS idx_review_overrides_by_user_id ON review_overrides (by_user_id);

-- A trainer's own numbers for a talk; blind ones were given before the machine's were seen.
CREATE TABLE IF NOT EXISTS review_marks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    simulation_id uuid NOT NULL REFERENCES simulations (id) ON DELETE CASCADE,
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    scores jsonb NOT NULL,
    blind boolean NOT NULL,
    notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (simulation_id, by_user_id)
);
CREATE INDEX IF NOT EXISTS idx_review_marks_by_user_id ON review_marks (by_user_id);

-- Who has seen the machine's numbers of a talk.
CREATE TABLE IF NOT EXISTS review_views (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    simulation_id uuid NOT NULL REFERENCES simulations (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seen_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (simulation_id, user_id)
);
CREATE INDEX IF NOT EXISTS idx_review_views_user_id ON review_views (user_id);

-- Who changed groups, numbers and rules, and when. `user_id` is whom it is about.
CREATE TABLE IF NOT EXISTS audit_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    at timestamptz NOT NULL DEFAULT now(),
    action text NOT NULL,
    by_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    subject_id uuid,
    details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS idx_audit_log_at ON audit_log (at);
CREATE INDEX IF NOT EXISTS idx_audit_log_by_user_id ON audit_log (by_user_id);
CREATE INDEX IF NOT EXISTS idx_audit_log_user_id ON audit_log (user_id);

-- What clients have sent so far becomes the first version. Scores come as a list of objects or by name.
INSERT INTO reviews (simulation_id, version, source, review, scores, flagged, created_at)
SELECT s.id, 1, 'client', s.performance_review,
       (SELECT coalesce(jsonb_object_agg(left(name, 200), score), '{}')
          FROM (SELECT 'overall' AS name, s.performance_review -> 'overallScore' AS score
                UNION ALL
                SELECT one ->> 'name', one -> 'score'
                  FROM jsonb_array_elements(CASE jsonb_typeof(s.performance_review -> 'competencyScores')
                                            WHEN 'array' THEN s.performance_review -> 'competencyScores'
                                            ELSE '[]' END) AS one
                 WHERE one ->> 'name' <> 'overall'
                UNION ALL
                SELECT by_name.key, CASE jsonb_typeof(by_name.value) WHEN 'object' THEN by_name.value -> 'score'
                                                                     ELSE by_name.value END
                  FROM jsonb_each(CASE jsonb_typeof(s.performance_review -> 'competencyScores')
                                  WHEN 'object' THEN s.performance_review -> 'competencyScores'
                                  ELSE '{}' END) AS by_name
                 WHERE by_name.key <> 'overall') AS numbers
         WHERE name <> '' AND jsonb_typeof(score) = 'number' AND score BETWEEN '1' AND '10'),
       CASE jsonb_typeof(s.performance_review -> 'flags')
       WHEN 'array' THEN s.performance_review -> 'flags' <> '[]' ELSE false END,
       coalesce(s.completed_at, s.started_at, now())
  FROM simulations s
 WHERE jsonb_typeof(s.performance_review) = 'object' AND s.performance_review <> '{}'
   AND NOT EXISTS (SELECT 1 FROM reviews WHERE simulation_id = s.id);
