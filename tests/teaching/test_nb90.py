"""The checks of notebook 90: the right answer passes, a typical wrong one is told what is wrong with it."""

import math

import pytest
import torch
import traitlets

from agentos_lab.teaching import check
from widgets.view import View, header


def coin_state(p):
    surprise = [-math.log(p), -math.log(1 - p)]
    return header("A coin", f"Heads surprises by {surprise[0]:.2f} nats.") | {"surprise": surprise}


class SoftmaxView(View):
    """What the learner has written in the notebook, without its drawing."""

    javascript = "export default lab.view({ stage: () => [] });"
    settings = ("temperature",)
    temperature = traitlets.Float(1.0, min=0.1).tag(sync=True)

    def __init__(self, scores, **settings):
        self.scores = scores
        super().__init__(**settings)

    def compute(self):
        sentence = f"Three words at temperature {self.temperature}."
        return header("Softmax", sentence) | {"probabilities": list(self.scores.values())}


def test_an_equal_value_calls_no_observer():
    assert check("90.calls", 1)
    assert not check("90.calls", 2)


def test_a_view_that_hears_its_temperature():
    class Deaf(SoftmaxView):
        settings = ()

    class Misspelt(SoftmaxView):
        settings = ("temprature",)

    class WithoutComma(SoftmaxView):
        settings = "temperature"

    class Hearing(SoftmaxView):
        settings = ("temperature",)

    assert check("90.Deaf", Hearing)
    deaf = check("90.Deaf", Deaf)
    assert deaf.verdict == "wrong" and "temperature 1.0" in deaf.problem.yours
    assert "temperature 5.0" in deaf.problem.expected
    assert "no trait called `temprature`" in check("90.Deaf", Misspelt).message
    assert "needs a comma" in check("90.Deaf", WithoutComma).message


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda p: {"surprise": [-math.log(p), -math.log(1 - p)]}, '"title" is missing'),
        (lambda p: coin_state(p) | {"surprise": torch.tensor([-math.log(p), -math.log(1 - p)])}, "not plain data"),
        (lambda p: coin_state(p) | {"surprise": [math.log(p), math.log(1 - p)]}, "sign is missing"),
        (lambda p: coin_state(p) | {"surprise": coin_state(p)["surprise"][::-1]}, "wrong order"),
    ],
)
def test_the_state_of_a_coin(answer, told):
    assert check("90.coin_state", coin_state)
    assert told in check("90.coin_state", answer).message


def test_a_subclass_that_shouts():
    class Right(SoftmaxView):
        def compute(self):
            state = super().compute()
            return state | {"title": state["title"].upper()}

    class Forgetful(SoftmaxView):
        def compute(self):
            return header("SOFTMAX", "Three words.")

    class Unchanged(SoftmaxView):
        pass

    assert check("90.Shouting", Right)
    assert "probabilities" in check("90.Shouting", Forgetful).message
    assert check("90.Shouting", Unchanged).verdict == "open"


def test_another_class_is_no_softmax_view():
    class Bare(View):
        settings = ()

        def compute(self):
            return header("BARE", "Nothing.")

    for name in ("90.Deaf", "90.Shouting"):
        assert "SoftmaxView" in check(name, Bare).message
    assert "A subclass was expected" in check("90.Shouting", SoftmaxView).message


@pytest.mark.parametrize("settings", [None, 5, (5,)])
def test_settings_are_names(settings):
    deaf = type("Deaf", (SoftmaxView,), {"settings": settings})
    assert "a tuple of names" in check("90.Deaf", deaf).message
