-- Rows in every table, as the old backend writes them, and a few odd ones that real databases hold.
INSERT INTO companies (id, name) VALUES ('c0000000-0000-4000-8000-000000000001', 'Acme');
-- The first two passwords are bcryptjs hashes of Passw0rdX; the last one is a seed account's, in clear text.
INSERT INTO users (id, name, email, password, role, job_role, company_id) VALUES
    ('a0000000-0000-4000-8000-000000000001', 'Old Learner', 'Learner@Example.com', '{{hash}}', 'learner', 'Advisor', 'c0000000-0000-4000-8000-000000000001'),
    ('a0000000-0000-4000-8000-000000000002', 'Old Admin', 'admin@old.example', '{{hash}}', 'super_admin', NULL, NULL),
    ('a0000000-0000-4000-8000-000000000003', 'Seed', 'seed@old.example', 'Passw0rdX', 'super_admin', NULL, NULL);
INSERT INTO sessions (token, user_id, user_email, user_name, user_role, expires_at) VALUES
    (repeat('a', 64), 'a0000000-0000-4000-8000-000000000001', 'Learner@Example.com', 'Old Learner', 'learner', now() + interval '10 days'),
    (repeat('b', 64), 'a0000000-0000-4000-8000-000000000002', 'admin@old.example', 'Old Admin', 'super_admin', now() + interval '10 days'),
    (repeat('c', 64), 'a0000000-0000-4000-8000-000000000001', 'Learner@Example.com', 'Old Learner', 'learner', now() - interval '1 day'),
    (repeat('d', 64), 'somebody-else', 'x@example.com', 'Gone', 'learner', now() + interval '10 days');
INSERT INTO simulations (id, simulation_id, user_id, industry, subcategory, difficulty, client_profile, conversation_history, performance_review, objectives_completed, total_xp, completed_at) VALUES
    ('50000000-0000-4000-8000-000000000001', 'SIM-1001', 'a0000000-0000-4000-8000-000000000001', 'insurance', 'life-health', 'beginner', '{"name": "John"}', '[{"role": "user", "content": "Hi"}]', '{"overallScore": 8}', '["rapport"]', 120, now()),
    ('50000000-0000-4000-8000-000000000002', 'SIM-1002', 'a0000000-0000-4000-8000-000000000001', 'banking', NULL, '2', '{}', '[]', NULL, NULL, NULL, NULL),
    ('50000000-0000-4000-8000-000000000003', 'SIM-1003', NULL, 'no-longer-known', NULL, 'Expert', '"odd"', '{"not": "a list"}', '{"overallScore": "eight"}', '{}', 5, now());
INSERT INTO parameter_categories (id, name, type) VALUES
    ('d0000000-0000-4000-8000-000000000001', 'Tone & Voice', 'narrative'),
    ('d0000000-0000-4000-8000-000000000002', 'No Promises', 'guardrail');
INSERT INTO parameters (category_id, name, value_type, default_value, min_value, max_value) VALUES
    ('d0000000-0000-4000-8000-000000000001', 'Warmth', 'number', '42', 0, 100),
    ('d0000000-0000-4000-8000-000000000002', 'Guarantees', 'boolean', 'not a boolean', NULL, NULL);
INSERT INTO engagement_events (session_id, simulation_id, user_id, event_type, metadata) VALUES
    ('s1', 'SIM-1001', 'a0000000-0000-4000-8000-000000000001', 'simulation_start', '{"a": 1}'),
    ('s1', NULL, NULL, 'page_view', NULL);
INSERT INTO nps_feedback (simulation_id, user_id, score, feedback_type, reasons, comments) VALUES
    ('SIM-1001', 'a0000000-0000-4000-8000-000000000001', 9, 'promoter', '{clear,useful}', 'it''s fine'),
    ('SIM-gone', NULL, 0, 'detractor', NULL, NULL);
INSERT INTO competency_rubrics (competency, criteria) VALUES ('communication', 'old');
INSERT INTO narrative_parameter_examples (example) VALUES ('old');
INSERT INTO guardrail_examples (example) VALUES ('old');
INSERT INTO fusion_model_core_traits (name, category) VALUES ('Patience', 'temper');
INSERT INTO fusion_model_archetypes (name, traits) VALUES ('Analyst', '["asks for numbers"]');
INSERT INTO fusion_model_communication_styles (name) VALUES ('Direct');
INSERT INTO fusion_model_moods (name) VALUES ('Calm');
INSERT INTO fusion_model_quirks (name, impact) VALUES ('Hums', 'small');
