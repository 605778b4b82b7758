"""The tool-call task: questions that can be answered, teachers that slip, and a verdict that cannot be argued with."""

import re

import pytest
import torch

from agentos_lab.rl.dialogue import Prompt
from agentos_lab.rl.tool_call_task import VOCABULARY, Call, Slips, ToolCallTask, parenthesis_share, parse_call

TASK = ToolCallTask()
QUESTION = re.compile(r"(?:U: (add|max|min) (\d\d) and (\d\d) T: (\d\d) )?U: (add|max|min) (\d\d|that) and (\d\d) A:")


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def sampled(task, count, seed=0):
    chance = generator(seed)
    return [task.sample(chance) for _ in range(count)]


def prompt(text, call=None):
    return Prompt(TASK.encode(text), call)


def test_the_goal_is_what_the_question_asks_for():
    compute = {"add": lambda a, b: a + b, "max": max, "min": min}
    with_history = 0
    for each in sampled(TASK, 300):
        tool, first, second, result, asked, number, last = QUESTION.fullmatch(TASK.decode(each.tokens)).groups()
        if number == "that":
            with_history += 1
            assert compute[tool](int(first), int(second)) == int(result)
            number = result
        assert each.goal == Call(asked, int(number), int(last))
        assert each.goal.result == compute[asked](int(number), int(last)) <= 99
    assert 120 < with_history < 180


def test_no_pair_of_numbers_is_both_trained_on_and_examined():
    learnt = {prompt.goal[1:] for prompt in sampled(TASK, 3000)}
    examined = {prompt.goal[1:] for prompt in sampled(TASK.examination(), 1000)}
    assert not learnt & examined and len(learnt) > 1200 and len(examined) > 400


def test_a_text_and_its_tokens_are_the_same_thing():
    text = "U: min 12 and 30 T: 12 U: add that and 21 A: CALL add (12,21) END T: 33 A: SAY 33 END"
    assert TASK.decode(TASK.encode(text)) == text and len(VOCABULARY) == 25
    assert [VOCABULARY[token].strip() for token in TASK.encode("( 4 4 , that")] == ["(", "4", "4", ",", "that"]
    with pytest.raises(ValueError, match="no token is written 'x'; the vocabulary is 0 1 2"):
        TASK.encode("U: max x and 3")


@pytest.mark.parametrize(
    ("response", "reward"),
    [
        ("CALL add (44,21) END", 1.0),
        ("CALL add (21,44) END", 0.0),
        ("CALL max (44,21) END", 0.0),
        ("CALL add (44,21 END", 0.0),
        ("CALL add (44,21)", 0.0),
        ("SAY 65 END", 0.0),
        ("CALL add (44,21) END END", 0.0),
        ("", 0.0),
    ],
)
def test_only_the_right_call_is_rewarded(response, reward):
    asked = prompt("U: add 44 and 21 A:", Call("add", 44, 21))
    assert TASK.reward(asked, TASK.encode(response)) == reward


def test_with_two_turns_the_answer_must_follow_the_call():
    task = ToolCallTask(turns=2)
    asked = prompt("U: add 44 and 21 A:", Call("add", 44, 21))
    call = task.encode("CALL add (44,21) END")
    reply = task.reply(asked, call)
    assert task.decode(reply) == "T: 65 A:"
    later = asked.followed_by([*call, *reply])
    assert task.decode(task.demonstration(later, generator())) == "SAY 65 END"
    assert task.reply(later, task.encode("SAY 65 END")) is None and task.reply(later, call) is None
    assert task.reward(asked, (*call, *reply, *task.encode("SAY 65 END"))) == 1.0
    assert task.reward(asked, (*call, *reply, *task.encode("SAY 66 END"))) == 0.0
    assert task.reward(asked, task.encode("SAY 65 END")) == 0.0
    assert task.reply(asked, task.encode("SAY 65 END")) is None
    assert task.decode(task.reply(asked, task.encode("CALL add (97,21) END"))) == "T: 118 A:"  # tools do what is said


def test_a_right_response_fits_the_limit():
    for turns in (1, 2):
        task = ToolCallTask(turns=turns)
        longest = max(len(task._right(each)) for each in sampled(task, 50))
        assert longest + 2 == task.max_new_tokens


def test_a_teacher_without_slips_is_always_right():
    chance = generator(1)
    for each in sampled(TASK, 50):
        assert TASK.reward(each, TASK.demonstration(each, chance)) == 1.0


@pytest.mark.parametrize(
    ("slip", "looks_like"),
    [
        ("prose", r"SAY \d\d END"),
        ("bracket", r"CALL \w+ \(\d\d,\d\d END"),
        ("tool", r"CALL \w+ \(\d\d,\d\d\) END"),
        ("swapped", r"CALL \w+ \(\d\d,\d\d\) END"),
        ("number", r"CALL \w+ \(\d\d,\d\d\) END"),
    ],
)
def test_each_slip_is_wrong_in_its_own_way(slip, looks_like):
    task, chance = ToolCallTask(slips=Slips(**{slip: 1.0})), generator(2)
    rewards = []
    for each in sampled(task, 60):
        said = task.demonstration(each, chance)
        assert re.fullmatch(looks_like, task.decode(said))
        rewards.append(task.reward(each, said))
    assert sum(rewards) <= 4  # two equal numbers can be swapped, and one number in ninety is right by chance


def test_a_mediocre_teacher_is_right_as_often_as_its_slips_leave_room():
    task, chance = ToolCallTask(slips=Slips(0.5, 0.1, 0.1, 0.1, 0.1)), generator(3)
    right = sum(task.reward(each, task.demonstration(each, chance)) for each in sampled(task, 2000))
    assert 0.08 < right / 2000 < 0.14


def test_calls_are_read_strictly():
    assert parse_call("CALL add (44,21) END") == Call("add", 44, 21)
    for text in ("CALL add (44,21)", "CALL mul (44,21) END", "CALL add (4,21) END", "U: CALL add (44,21) END"):
        assert parse_call(text) is None


def test_the_proxy_prefers_any_call_to_prose_and_nonsense_to_any_call():
    texts = ("SAY 65 END", "CALL add (44,21) END", "))))))")
    shares = [parenthesis_share(Prompt((1,)), TASK.encode(text)) for text in texts]
    assert shares == [0.0, 0.2, 1.0]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"turns": 3}, "turns must be 1"), ({"slips": Slips(prose=0.8, tool=0.3)}, "at most 1 together")],
)
def test_a_task_that_makes_no_sense_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        ToolCallTask(**wrong)
