-- Old rows of ai_usage are removed every hour. Rows come in the order of their time, for which a BRIN index is tiny.
CREATE INDEX IF NOT EXISTS idx_ai_usage_at ON ai_usage USING brin (at);
