-- What the new columns hold for rows that the old backend wrote. The old columns stay as they are.
UPDATE parameter_categories
   SET key = coalesce(
           nullif(btrim(regexp_replace(lower(name), '[^[:alnum:]]+', '-', 'g'), '-'), ''),
           'category-' || left(id::text, 8))
 WHERE key IS NULL OR btrim(key) = '';

UPDATE parameters p
   SET type = CASE c.type WHEN 'guardrail' THEN 'guardrails' ELSE c.type END
  FROM parameter_categories c
 WHERE c.id = p.category_id
   AND p.type IS NULL;

-- Without a category it is a plain setting.
UPDATE parameters SET type = 'structured' WHERE type IS NULL;

UPDATE parameters
   SET metadata = CASE WHEN jsonb_typeof(metadata) = 'object' THEN metadata ELSE '{}' END
                  || jsonb_build_object('range', concat(trim_scale(min_value), '–', trim_scale(max_value)))
 WHERE (min_value IS NOT NULL OR max_value IS NOT NULL)
   AND (metadata IS NULL OR jsonb_typeof(metadata) = 'null'
        OR jsonb_typeof(metadata) = 'object' AND NOT metadata ? 'range');

-- A default that is not what its value_type says is kept as the text it is.
DO $$
DECLARE
    old record;
    found jsonb;
BEGIN
    FOR old IN SELECT id, value_type, default_value AS text FROM parameters
                WHERE value IS NULL AND default_value IS NOT NULL
    LOOP
        BEGIN
            found := CASE
                WHEN old.value_type = 'number' AND abs(old.text::float8) <= 1e308
                    THEN to_jsonb(old.text::numeric)
                WHEN old.value_type = 'boolean'
                    THEN to_jsonb(old.text::boolean)
                -- so deep that readers of JSON give up
                WHEN old.value_type = 'array' AND old.text ~ '([[{][^]}]*){200}'
                    THEN to_jsonb(old.text)
                WHEN old.value_type = 'array' AND old.text ~ '^\s*\['
                    THEN old.text::jsonb
                WHEN old.value_type = 'array' AND old.text ~ '^\s*\{'
                    THEN to_jsonb(old.text::text[])
                WHEN old.value_type = 'array' AND old.text ~ '\S'
                    THEN to_jsonb(regexp_split_to_array(btrim(old.text, E' \t\r\n'), '\s*,\s*'))
                WHEN old.value_type = 'array'
                    THEN '[]'
                ELSE to_jsonb(old.text)
            END;
        EXCEPTION WHEN OTHERS THEN
            found := to_jsonb(old.text);
        END;
        UPDATE parameters SET value = found WHERE id = old.id;
    END LOOP;
END $$;
