"""Who is in the demo data, and when they practise."""

from collections import Counter
from datetime import timedelta

from rplay.demo import people


def test_two_groups_and_twelve_learners_each_with_a_trainer():
    assert Counter(one.group for one in people.LEARNERS) == {people.NORTH: 6, people.SOUTH: 6}
    assert {one.group for one in people.TRAINERS} == {people.NORTH, people.SOUTH}


def test_addresses_and_ids_are_the_same_each_time_and_nobody_elses():
    emails = [one.email for one in people.EVERYBODY]
    assert len(set(emails)) == len(set(people.ids())) == 14
    assert all(email.endswith("@demo.rplay.example") for email in emails)
    assert people.ids() == people.ids()


def test_about_sixty_talks_over_six_weeks_all_of_them_past():
    plan = people.plan()
    assert len(plan) == 60
    assert len({one.key for one in plan}) == 60
    assert min(one.age for one in plan) >= timedelta(hours=12)
    assert timedelta(weeks=5) < max(one.age for one in plan) < timedelta(weeks=people.WEEKS)


def test_a_third_of_the_sessions_is_answered_the_first_among_them():
    answered = [one.answered for one in people.plan()]
    assert answered[0]
    assert sum(answered) == 20


def test_everybodys_talks_come_in_the_order_of_what_they_can_do():
    ben = [one for one in people.plan() if one.learner.name == "Ben Okafor"]
    assert [one.skill for one in ben] == sorted(one.skill for one in ben)
    assert [one.age for one in ben] == sorted((one.age for one in ben), reverse=True)
    assert {one.difficulty for one in ben} == {"beginner", "intermediate", "advanced"}
