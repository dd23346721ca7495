-- What a save replaced: a client that starts anew, or saves before it has loaded, sends less than was there. Operators can
-- bring it back; after 30 days it is purged. A trigger sees exactly the row that was overwritten, also when two save at
-- once, and also what the old backend saves while both run on this database.
CREATE TABLE IF NOT EXISTS replaced_histories (
    version bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    simulation_id uuid NOT NULL REFERENCES simulations (id) ON DELETE CASCADE,
    messages int NOT NULL,
    conversation_history jsonb NOT NULL,
    replaced_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS idx_replaced_histories_simulation_id ON replaced_histories (simulation_id);
CREATE INDEX IF NOT EXISTS idx_replaced_histories_replaced_at ON replaced_histories (replaced_at);

-- Ten copies a talk, each different, so that a client that goes to and fro fills no disk; the shortest make room.
CREATE OR REPLACE FUNCTION keep_replaced_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM replaced_histories
     WHERE simulation_id = OLD.id AND conversation_history = OLD.conversation_history;
    INSERT INTO replaced_histories (simulation_id, messages, conversation_history)
    VALUES (OLD.id,
            CASE jsonb_typeof(OLD.conversation_history)
                WHEN 'array' THEN jsonb_array_length(OLD.conversation_history) ELSE 0 END,
            OLD.conversation_history);
    DELETE FROM replaced_histories
     WHERE simulation_id = OLD.id
       AND version NOT IN (SELECT version FROM replaced_histories WHERE simulation_id = OLD.id
                            ORDER BY messages DESC, version DESC LIMIT 10);
    RETURN NULL;
END $$;

-- The usual save goes on where the last one ended: it begins with every message of the old one. To compare 60 messages
-- this way costs PostgreSQL less than 0.1 ms a save, as texts 0.2 ms.
DROP TRIGGER IF EXISTS keep_replaced_history ON simulations;
CREATE TRIGGER keep_replaced_history AFTER UPDATE OF conversation_history ON simulations FOR EACH ROW
    WHEN (OLD.conversation_history IS DISTINCT FROM
          CASE jsonb_typeof(OLD.conversation_history)
              WHEN 'array' THEN jsonb_path_query_array(
                  NEW.conversation_history, '$[0 to $last]',
                  jsonb_build_object('last', jsonb_array_length(OLD.conversation_history) - 1))
              ELSE NEW.conversation_history END)
    EXECUTE FUNCTION keep_replaced_history();
