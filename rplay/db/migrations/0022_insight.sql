-- additive
-- The pages of insight and the review queue looked through every talk and every call of a model.
CREATE INDEX IF NOT EXISTS idx_simulations_started_at ON simulations (started_at) INCLUDE (user_id);
CREATE INDEX IF NOT EXISTS idx_simulations_completed ON simulations (completed_at, id) INCLUDE (user_id)
 WHERE completed_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_reviews_flagged ON reviews (simulation_id) WHERE flagged;
CREATE INDEX IF NOT EXISTS idx_review_disputes_open ON review_disputes (simulation_id) WHERE resolution IS NULL;
CREATE INDEX IF NOT EXISTS idx_review_marks_blind ON review_marks (created_at DESC, id) WHERE blind;

-- The rows of ai_usage in sums by day (of UTC). Triggers keep them equal, so that servers of an earlier version, which
-- know nothing of them, keep them too; rows of many days come and go in one statement. An account that is erased changes
-- only `user_id`.
CREATE TABLE IF NOT EXISTS ai_usage_days (
    day date NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    agent text NOT NULL,
    calls bigint NOT NULL,
    failed bigint NOT NULL,
    tokens_in bigint NOT NULL,
    tokens_out bigint NOT NULL,
    PRIMARY KEY (day, provider, model, agent)
);

-- In the order of the key: two that write at once wait for each other instead of blocking each other.
CREATE OR REPLACE FUNCTION count_ai_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ai_usage_days AS known
    SELECT (at AT TIME ZONE 'UTC')::date, provider, model, agent,
           sign * count(*), sign * count(*) FILTER (WHERE outcome <> 'ok'), sign * sum(tokens_in), sign * sum(tokens_out)
      FROM changed, (SELECT CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END AS sign) AS way
  GROUP BY 1, 2, 3, 4, sign
  ORDER BY 1, 2, 3, 4
        ON CONFLICT (day, provider, model, agent) DO UPDATE
       SET calls = known.calls + EXCLUDED.calls, failed = known.failed + EXCLUDED.failed,
           tokens_in = known.tokens_in + EXCLUDED.tokens_in, tokens_out = known.tokens_out + EXCLUDED.tokens_out;
    RETURN NULL;
END $$;

CREATE TRIGGER count_ai_usage AFTER INSERT ON ai_usage REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ai_usage();
CREATE TRIGGER discount_ai_usage AFTER DELETE ON ai_usage REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_ai_usage();

DELETE FROM ai_usage_days;
INSERT INTO ai_usage_days
SELECT (at AT TIME ZONE 'UTC')::date, provider, model, agent,
       count(*), count(*) FILTER (WHERE outcome <> 'ok'), sum(tokens_in), sum(tokens_out)
  FROM ai_usage
 GROUP BY 1, 2, 3, 4;
