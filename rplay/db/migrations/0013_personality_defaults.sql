-- What clients are like, to begin with: only where admins have written nothing of that kind themselves.
INSERT INTO fusion_model_core_traits (name, description, category, weight, influence)
SELECT * FROM (VALUES
    ('Openness', 'Takes to new ideas and asks what else there is; low: keeps to what is known.', 'Big Five', 60, 60),
    ('Conscientiousness', 'Reads to the end, keeps papers and appointments; low: puts things off.', 'Big Five', 60, 60),
    ('Extraversion', 'Talks freely and thinks aloud; low: short answers, long pauses.', 'Big Five', 50, 55),
    ('Agreeableness', 'Gives the advisor the benefit of the doubt; low: argues every point.', 'Big Five', 60, 65),
    ('Neuroticism', 'Sees first what can go wrong and comes back to it; low: hard to unsettle.', 'Big Five', 60, 65),
    ('Assertiveness', 'Says no without an excuse and steers the talk; low: agrees and does nothing.', 'Social', 50, 50),
    ('Honesty-Humility', 'Admits what they do not know; low: pretends to, and resents being found out.', 'Social', 45, 45),
    ('Trust', 'Believes until proven wrong; low: wants it in writing, and from somebody else too.', 'Social', 60, 70),
    ('Patience', 'Lets an explanation run; low: looks at the clock after the second sentence.', 'Temper', 45, 50),
    ('Risk Tolerance', 'Can watch a loss and wait; low: would rather earn nothing than lose a little.', 'Money', 60, 60),
    ('Financial Knowledge', 'Knows the words and the sums; low: nods, and looks them up at night.', 'Money', 55, 55),
    ('Thrift', 'Knows what everything costs and asks for less; low: money goes and nobody knows where.', 'Money', 45, 45)
) AS given (name, description, category, weight, influence)
WHERE NOT EXISTS (SELECT 1 FROM fusion_model_core_traits);

INSERT INTO fusion_model_archetypes (name, description, traits, behaviors)
SELECT name, description, traits::jsonb, behaviors::jsonb FROM (VALUES
    ('Analyst', 'Decides by numbers and wants to see how they were made.',
     '["precise", "reserved", "careful"]', '["asks for the figure behind a claim", "writes numbers down", "goes quiet at feelings and comes alive at a table"]'),
    ('Caregiver', 'Thinks of the others first and of themselves last.',
     '["warm", "worried for others", "loyal"]', '["answers about the family when asked about money", "needs to hear who is protected", "feels guilty about spending on themselves"]'),
    ('Skeptic', 'Has been sold things before.',
     '["suspicious", "blunt", "sharp"]', '["asks how the advisor is paid", "tests an answer by asking it again", "softens at an honest drawback"]'),
    ('Planner', 'Likes steps, dates and a list.',
     '["methodical", "thoughtful", "patient"]', '["asks what comes next", "brings papers", "dislikes being surprised"]'),
    ('Optimist', 'Trusts that it will work out and has not looked too closely.',
     '["cheerful", "open", "talkative"]', '["agrees quickly", "skips over risks", "has to be asked what happens if it does not go well"]'),
    ('Traditionalist', 'Does it as it has always been done at home.',
     '["conservative", "loyal", "polite"]', '["speaks of what parents did", "distrusts what is new", "keeps old accounts out of loyalty"]'),
    ('Achiever', 'Wants results and has little time.',
     '["driven", "direct", "confident"]', '["interrupts long explanations", "compares", "decides once it is clear what it brings"]'),
    ('Procrastinator', 'Knows it should be done, and has known it for years.',
     '["easygoing", "distracted", "embarrassed about it"]', '["changes the subject when it gets concrete", "promises to send papers", "is relieved by one small step"]')
) AS given (name, description, traits, behaviors)
WHERE NOT EXISTS (SELECT 1 FROM fusion_model_archetypes);

INSERT INTO fusion_model_moods (name, description, intensity)
SELECT * FROM (VALUES
    ('Curious', 'Has questions and enjoys the answers.', 55),
    ('Friendly', 'In good spirits, makes it easy.', 55),
    ('Hopeful', 'Expects that this will help.', 50),
    ('Relaxed', 'No hurry and no pressure.', 40),
    ('Confident', 'Sure of themselves; likes to be taken seriously.', 55),
    ('Reserved', 'Polite and closed; opens when asked with interest.', 50),
    ('Cautious', 'Weighs every word before agreeing to it.', 55),
    ('Anxious', 'Tense; calm words and small steps help, urgency makes it worse.', 70),
    ('Impatient', 'Short of time; long answers cost goodwill.', 65),
    ('Guarded', 'Expects to be sold something, and watches for it.', 70)
) AS given (name, description, intensity)
WHERE NOT EXISTS (SELECT 1 FROM fusion_model_moods);

INSERT INTO fusion_model_communication_styles (name, description, characteristics)
SELECT name, description, characteristics::jsonb FROM (VALUES
    ('Open and talkative', 'Tells stories and wanders off the point.', '["long answers", "names people", "comes back to the question late"]'),
    ('Warm', 'Speaks of people and feelings before figures.', '["thanks", "asks back", "small personal remarks"]'),
    ('Casual', 'Talks as to a neighbor.', '["contractions", "jokes", "no jargon"]'),
    ('Measured', 'Thinks first and then says one thing.', '["short sentences", "pauses", "exact words"]'),
    ('Polite but brief', 'Courteous, and no word too many.', '["one sentence at a time", "does not volunteer"]'),
    ('Detail-oriented', 'Wants it exact.', '["asks for numbers and dates", "corrects small mistakes"]'),
    ('Direct', 'Says what they mean.', '["no preamble", "yes or no", "asks the price early"]'),
    ('Challenging', 'Argues to find out whether it holds.', '["counter-questions", "what if", "plays devil''s advocate"]')
) AS given (name, description, characteristics)
WHERE NOT EXISTS (SELECT 1 FROM fusion_model_communication_styles);

INSERT INTO fusion_model_quirks (name, description, impact, fusion_links)
SELECT name, description, impact, links::jsonb FROM (VALUES
    ('Checks the time', 'Looks at the clock when it gets long.', 'Answers get shorter after a monologue.', '["impatient", "achiever"]'),
    ('Quotes a relative', 'Cites what an uncle or a sister says about money.', 'An argument has to hold for that person too.', '["traditionalist"]'),
    ('Jokes when nervous', 'Makes light of what frightens them.', 'A joke marks a sore point worth asking about.', '["anxious", "optimist"]'),
    ('Writes everything down', 'Repeats figures slowly while noting them.', 'Vague figures are asked for again.', '["analyst", "planner"]'),
    ('Answers with a story', 'Tells what happened to a neighbor instead of saying yes or no.', 'The answer lies in the story.', '["caregiver", "open and talkative"]'),
    ('Asks twice', 'Puts the same question again in other words.', 'Differing answers cost trust.', '["skeptic", "guarded"]'),
    ('Goes quiet', 'Says little for a while after something touched them.', 'Waiting and asking gently brings more than going on.', '["reserved"]'),
    ('Rounds every number', 'Never gives an exact sum at first.', 'Has to be asked for the real figure.', '["procrastinator", "casual"]')
) AS given (name, description, impact, links)
WHERE NOT EXISTS (SELECT 1 FROM fusion_model_quirks);
