"""What people see of what a model wrote. The pieces are as such servers send them."""

import random

import pytest

from rplay.agents.model_text import Words, shown, whole_characters

WORDS = "Well, I am not sure I need it."
THOUGHT = "The advisor greets me. My {trust} is low, I should hold back.\n"
HARMONY = (
    f"<|channel|>analysis<|message|>They greet me.<|end|><|start|>assistant<|channel|>final<|message|>{WORDS}<|return|>"
)
THINKING = [
    f"<think>\n{THOUGHT}</think>\n\n{WORDS}",
    f"<thinking>{THOUGHT}</thinking>{WORDS}",
    f"<thought>{THOUGHT}</thought>\n{WORDS}",
    f"<reasoning>{THOUGHT}</reasoning>\n{WORDS}",
    f"◁think▷{THOUGHT}◁/think▷{WORDS}",
    f"[THINK]{THOUGHT}[/THINK]{WORDS}",
    f"{THOUGHT}</think>\n\n{WORDS}",
    f"<think></think>{WORDS}",
    f"<|channel>thought\n{THOUGHT}<channel|>{WORDS}",
    f"<|channel>\n{THOUGHT}<channel|>\n{WORDS}",
    f"{THOUGHT}<channel|>{WORDS}",
    f"<mm:think>{THOUGHT}</mm:think>\n{WORDS}",
    f"{THOUGHT}</mm:think>{WORDS}",
    f"<seed:think>{THOUGHT}</seed:think>{WORDS}",
    f"<|START_THINKING|>{THOUGHT}<|END_THINKING|><|START_RESPONSE|>{WORDS}<|END_RESPONSE|>",
    f"<|begin_of_thought|>{THOUGHT}<|end_of_thought|><|begin_of_solution|>{WORDS}<|end_of_solution|>",
    f"<think>{THOUGHT}</think><answer>{WORDS}</answer>",
    f"{THOUGHT}\nAdvisor: Hello.\n</think>{WORDS}",
    HARMONY,
    f"<|channel|>commentary to=functions.mark <|constrain|>json<|message|>{{}}<|end|>{HARMONY}",
    f"<|channel|>final<|message|>{WORDS}",
    f"<|im_start|>assistant\n{WORDS}<|im_end|>\n<|im_start|>user\nTell me more.",
    f"<|start_header_id|>assistant<|end_header_id|>\n\n{WORDS}<|eot_id|>",
    f"<start_of_turn>model\n{WORDS}<end_of_turn>",
    f"{WORDS}</s>",
    f"<s>{WORDS}<eos>",
    f"<bos><unused49>{WORDS}<unused6226>",
    f"{WORDS}<|eot|>",
    f"{WORDS}<|im_assistant|>",
    f"<|im_assistant|>assistant<|im_middle|>{WORDS}<|im_end|>",
    f"<|assistant|>\n{WORDS}<|end|><|user|>\nTell me more.",
    f"{WORDS}<|im_start|>user\nTell me more.",
    f"<｜begin▁of▁sentence｜><｜Assistant｜>{WORDS}<｜end▁of▁sentence｜>",
    f"{WORDS}<｜User｜>Tell me more.",
    f"{WORDS}<|END_OF_TURN_TOKEN|>",
    f"[/INST]{WORDS}[INST] Tell me more. [/INST]",
    f"{WORDS}\n\nUser: Tell me more.\nAnn Lee: No.",
    f"{WORDS}\n**Advisor:** Tell me more.",
    f"Ann Lee: {WORDS}\nHuman: Tell me more.",
    f"{WORDS}<|endoftext|>Human: what?",
    f"Ann Lee: {WORDS}",
    f"**Ann Lee:** {WORDS}",
    f"Ann: {WORDS}",
    f"Client: {WORDS}",
    f"<think>{THOUGHT}</think>Ann Lee: {WORDS}",
    f"{WORDS[:5]}\0{WORDS[5:]}",
]
PLAIN = [
    WORDS,
    "<Thinking> is hard, you know.",
    "I < 50 and b | c, [THINK about it], that is <b>my</b> code: if (a<b) {}",
    "Announcements: there are none.",
    "My advisor said:\nUser fees are high.\n\nHuman as I am, I agree: yes.\n\n- Two",
    "It costs <5 and >3, [I think] <s is short.",
    "Ann is my name, and you are?",
    "a <",
    "[",
    "x<|",
    "👍🏽 fine",
]


def streamed(text, pieces, habit="unknown", name="Ann Lee"):
    words = Words(name, habit)
    said = [words.shown(piece) for piece in pieces]
    return said, "".join(said) + words.rest(), words.habit


def cut(text, seed):
    places = sorted(random.Random(seed).sample(range(len(text) + 1), min(len(text), 9)))
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


@pytest.mark.parametrize("text", THINKING)
class TestThoughtsAndMarks:
    def test_are_taken_out_of_a_whole_answer(self, text):
        assert shown(text, "Ann Lee") == WORDS

    def test_are_taken_out_character_by_character(self, text):
        assert streamed(text, list(text))[1].strip() == WORDS

    def test_are_taken_out_wherever_they_are_split(self, text):
        for seed in range(50):
            assert streamed(text, cut(text, seed))[1].strip() == WORDS

    def test_are_never_shown_on_the_way(self, text):
        said, _, _ = streamed(text, list(text))
        assert "advisor" not in "".join(said)
        assert "|" not in "".join(said)


@pytest.mark.parametrize("text", PLAIN)
class TestWordsThatLookLikeMarks:
    def test_stay_in_a_whole_answer(self, text):
        assert shown(text, "Ann Lee") == text

    def test_stay_in_a_stream(self, text):
        for habit in ("unknown", "speaks", "thinks"):
            assert streamed(text, list(text), habit)[1] == text


def test_the_coach_may_quote_the_advisor():
    text = "Say it so:\nAdvisor: What worries you?\nUser: Hm."
    assert shown(text) == text
    assert streamed(text, list(text), "speaks", "")[1] == text


class TestHabit:
    def test_words_of_a_model_that_speaks_are_shown_at_once(self):
        said, _, _ = streamed(WORDS, WORDS.partition(" "), "speaks")
        assert said == list(WORDS.partition(" "))

    def test_a_model_that_spoke_is_known_to(self):
        assert streamed(WORDS, [WORDS])[2] == "speaks"

    def test_a_model_that_marks_its_thoughts_is_shown_at_once_behind_them(self):
        said, _, habit = streamed("", ["<think>", "hm", "</think>", "Well, ", "yes."])
        assert (said, habit) == (["", "", "", "Well, ", "yes."], "speaks")

    def test_a_model_whose_thoughts_only_end_is_remembered_for_it(self):
        assert streamed("", [THOUGHT, "</think>", WORDS], "speaks")[2] == "thinks"

    def test_nothing_of_such_a_model_is_shown_before_its_thoughts_end(self):
        said, _, _ = streamed("", [THOUGHT, "</think>", "Well, ", "yes."], "thinks")
        assert said == ["", "", "Well, ", "yes."]


class TestThoughtsWithoutEnd:
    @pytest.mark.parametrize(
        "text", ["<think>", f"<think>{THOUGHT}", f"<|channel|>analysis<|message|>{THOUGHT}", "<|channel|>ana"]
    )
    def test_leave_nothing(self, text):
        assert shown(text) == ""
        assert streamed(text, list(text))[1] == ""


class TestCharacters:
    def test_halves_in_two_pieces_become_one(self):
        said, whole, _ = streamed("", ["Hm \ud83d", "\ude00 yes"], "speaks", "")
        assert said == ["Hm ", "😀 yes"]
        assert whole == "Hm 😀 yes"

    @pytest.mark.parametrize("text", ["Hm \ud83d", "Hm \ude00\ud83d"])
    def test_a_lone_half_is_replaced(self, text):
        whole = streamed("", [text], "speaks", "")[1]
        assert whole.startswith("Hm \ufffd")
        whole.encode()

    def test_of_a_whole_text(self):
        assert whole_characters("a\0b\ud83d\ude00c\ud83d") == "ab😀c\ufffd"


def test_a_long_answer_takes_no_time_that_grows_faster_than_it(monkeypatch):
    read = []
    words = Words("Ann Lee", "unknown")
    for _ in range(5_000):
        words.shown("word <| ")
        read.append(len(words._unread))
    assert max(read) < 100
