"""The scenarios that come with the program are whole, and their points can be met."""

import orjson
import pytest

from rplay import data
from rplay.agents.persona.make import life_of
from rplay.training.files import parsed, shipped
from rplay.training.said import says
from rplay.training.secrets import told

INDUSTRIES = orjson.loads((data.Path(data.__file__).parent / "data" / "industry-metadata.json").read_bytes())
SHIPPED = [pytest.param(*parsed(text, INDUSTRIES), id=name) for name, text in shipped()]


@pytest.mark.parametrize(("key", "content"), SHIPPED)
class TestShipped:
    def test_says_what_is_to_be_trained(self, key, content):
        assert content.secrets
        assert len(content.product) >= 2
        assert len(content.must_say) == 3
        assert len(content.must_not_say) >= 2
        assert content.attempts
        assert content.minutes

    def test_every_phrase_is_found_in_itself(self, key, content):
        for point in content.must_say:
            for phrase in point.phrases:
                assert says(phrase.replace("*", ""), phrase), phrase
        for taboo in content.must_not_say:
            for phrase in taboo.phrases:
                assert says(phrase.replace("*", ""), phrase, deniable=True), phrase

    def test_its_task_and_client_tell_none_of_the_secrets(self, key, content):
        open_ = f"{content.task} {content.client}"
        for secret in content.secrets:
            assert not any(sentence in open_ for sentence in secret.says)

    def test_its_life_holds_its_secrets_and_no_other(self, key, content):
        life = life_of(content.client, content.industry, content.subcategory, content.difficulty)
        told_now = told(life, content.secrets)
        hidden = [one for one in told_now.subjects if one.reserve == 2]
        assert [one.name for one in hidden] == [one.about for one in content.secrets]
        assert all(one.reserve == 2 and one.unlock for one in hidden)


def test_there_are_two_of_each_industry():
    found = sorted(case.values[1].industry for case in SHIPPED)
    assert found == sorted([*INDUSTRIES] * 2)
