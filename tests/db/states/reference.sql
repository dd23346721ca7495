-- A database as the old backend's migrations leave it.
CREATE TABLE companies (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, created_at timestamp DEFAULT now()
);
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, email text UNIQUE NOT NULL,
    password text NOT NULL, role text NOT NULL DEFAULT 'learner'
        CHECK (role IN ('learner', 'trainer', 'company_admin', 'super_admin')),
    job_role text, company_id uuid REFERENCES companies (id), created_at timestamp DEFAULT now()
);
CREATE TABLE sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), token text UNIQUE NOT NULL, user_id text NOT NULL,
    user_email text NOT NULL, user_name text NOT NULL, user_role text NOT NULL, created_at timestamp DEFAULT now(),
    expires_at timestamp NOT NULL
);
CREATE TABLE simulations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), simulation_id text UNIQUE NOT NULL,
    user_id uuid REFERENCES users (id), industry text NOT NULL, subcategory text, difficulty text NOT NULL,
    client_profile jsonb NOT NULL, conversation_history jsonb NOT NULL DEFAULT '[]',
    objectives_completed jsonb DEFAULT '[]', performance_review jsonb, total_xp int DEFAULT 0, duration_seconds int,
    started_at timestamp DEFAULT now(), completed_at timestamp
);
CREATE TABLE parameter_categories (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, description text,
    type text NOT NULL CHECK (type IN ('narrative', 'structured', 'guardrail')), created_at timestamp DEFAULT now()
);
CREATE TABLE parameters (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), category_id uuid REFERENCES parameter_categories (id),
    name text NOT NULL, description text,
    value_type text NOT NULL CHECK (value_type IN ('text', 'number', 'boolean', 'array')), default_value text,
    min_value numeric, max_value numeric, options text[], industry text, subcategory text,
    created_at timestamp DEFAULT now()
);
CREATE TABLE engagement_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), session_id text NOT NULL, simulation_id text,
    user_id uuid REFERENCES users (id), event_type text NOT NULL, metadata jsonb, timestamp timestamp DEFAULT now()
);
CREATE TABLE nps_feedback (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), simulation_id text NOT NULL, user_id uuid REFERENCES users (id),
    score int NOT NULL CHECK (score >= 0 AND score <= 10),
    feedback_type text NOT NULL CHECK (feedback_type IN ('promoter', 'passive', 'detractor')),
    reasons text[], comments text, submitted_at timestamp DEFAULT now()
);
CREATE TABLE competency_rubrics (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), competency text, criteria text);
CREATE TABLE narrative_parameter_examples (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), example text);
CREATE TABLE guardrail_examples (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), example text);
CREATE TABLE fusion_model_core_traits (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(255) NOT NULL, description text,
    category varchar(100) NOT NULL, weight int NOT NULL DEFAULT 50, influence int NOT NULL DEFAULT 50,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
);
CREATE TABLE fusion_model_archetypes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(255) NOT NULL, description text,
    traits jsonb NOT NULL DEFAULT '[]', behaviors jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
);
CREATE TABLE fusion_model_communication_styles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(255) NOT NULL, description text,
    characteristics jsonb NOT NULL DEFAULT '[]', created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
);
CREATE TABLE fusion_model_moods (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(255) NOT NULL, description text,
    intensity int NOT NULL DEFAULT 50, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
);
CREATE TABLE fusion_model_quirks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(255) NOT NULL, description text, impact text NOT NULL,
    fusion_links jsonb NOT NULL DEFAULT '[]', created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
);
CREATE INDEX idx_users_email ON users (email);
CREATE INDEX idx_users_company_id ON users (company_id);
CREATE INDEX idx_sessions_token ON sessions (token);
CREATE INDEX idx_sessions_user_id ON sessions (user_id);
CREATE INDEX idx_simulations_user_id ON simulations (user_id);
CREATE INDEX idx_nps_feedback_simulation_id ON nps_feedback (simulation_id);
