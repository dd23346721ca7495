from rplay.agents.remembered import remembered


def test_a_thing_is_made_of_once_and_an_equal_one_anew() -> None:
    made: list[list[int]] = []

    @remembered(2)
    def total(numbers: list[int]) -> int:
        made.append(numbers)
        return sum(numbers)

    one, equal = [1, 2], [1, 2]
    assert [total(one), total(one), total(equal)] == [3, 3, 3]
    assert made == [one, equal]


def test_what_was_used_longest_ago_makes_room() -> None:
    made: list[str] = []

    @remembered(2)
    def first(words: list[str]) -> str:
        made.append(words[0])
        return words[0]

    a, b, c = ["a"], ["b"], ["c"]
    for words in (a, b, a, c, a, b):
        assert first(words) == words[0]
    assert made == ["a", "b", "c", "b"]
