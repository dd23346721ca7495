-- Client profiles kept for times when no AI provider can make one: the newest of each setting.
CREATE TABLE IF NOT EXISTS pregenerated_profiles (
    industry text NOT NULL,
    subcategory text NOT NULL,
    difficulty text NOT NULL,
    profile jsonb NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (industry, subcategory, difficulty)
);
