"""How derivations print, as text and as tables."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.results import Derivation, Step, latex_of

words = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
steps = st.builds(Step, rule=words, source=words | st.just(""), before=words, after=words)


@dataclasses.dataclass(frozen=True)
class Probability:
    """An expression that can write itself as mathematics."""

    event: str

    def latex(self) -> str:
        return f"P({self.event})"


class CellReader(HTMLParser):
    """The text of each table cell, and the tags that were met."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in ("td", "caption"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def read_cells(derivation: Derivation) -> CellReader:
    reader = CellReader()
    reader.feed(derivation._repr_html_())
    return reader


def test_a_derivation_prints_its_goal_and_numbered_steps_with_rule_and_source():
    derivation = Derivation(
        "¬(A ∧ B)",
        (
            Step("De Morgan", "Robinson 1965", "¬(A ∧ B)", "¬A ∨ ¬B"),
            Step("commutation", "", "¬A ∨ ¬B", "¬B ∨ ¬A"),
        ),
    )
    assert str(derivation) == ("¬(A ∧ B)\n  1. ¬A ∨ ¬B    De Morgan  [Robinson 1965]\n  2. ¬B ∨ ¬A    commutation")


def test_a_step_alone_prints_what_became_of_what():
    assert str(Step("rule 2", "Pearl 2009", "P(y | do(x))", "P(y | x)")) == (
        "P(y | do(x))  ⟶  P(y | x)    rule 2  [Pearl 2009]"
    )


def test_without_a_step_the_result_is_the_goal():
    derivation = Derivation("A", ())
    assert derivation.result == "A"
    assert str(derivation) == "A\n  (no step was needed)"
    assert len(derivation) == 0 and list(derivation) == []


@given(st.lists(steps, min_size=1, max_size=12))
def test_a_derivation_is_the_sequence_of_its_steps(made):
    derivation = Derivation("goal", tuple(made))
    assert derivation.result == made[-1].after
    assert list(derivation) == made
    assert [derivation[index] for index in range(len(derivation))] == made


@given(st.lists(steps, min_size=1, max_size=12))
def test_the_numbers_of_a_long_derivation_stand_one_below_the_other(made):
    lines = str(Derivation("goal", tuple(made))).split("\n")[1:]
    assert len(lines) == len(made)
    assert len({re.match(r" *\d+\.", line).end() for line in lines}) == 1


def test_a_result_of_several_lines_stays_in_its_column():
    text = str(Derivation("goal", (Step("split", "", "x", "first\nsecond"),)))
    assert text == "goal\n  1. first\n     second    split"


@given(st.lists(steps, max_size=6))
def test_the_table_shows_any_text_as_it_is(made):
    reader = read_cells(Derivation("a < b & <script>", tuple(made)))
    assert reader.tags <= {"table", "caption", "thead", "tbody", "tr", "th", "td", "small"}
    assert reader.cells[0].startswith("a < b & <script>")
    shown = [reader.cells[row + 1 : row + 4] for row in range(1, len(reader.cells), 4)]
    assert shown == [[step.after, step.rule, step.source] for step in made]


def test_mathematics_is_typeset_and_its_signs_do_not_become_tags():
    reader = read_cells(Derivation(Probability("Y<3"), (Step("r", "", "", Probability("X<b>2")),)))
    assert reader.cells[0].startswith("$P(Y<3)$")
    assert reader.cells[2] == "$P(X<b>2)$"
    assert "b" not in reader.tags


def test_only_what_writes_itself_as_mathematics_has_latex():
    assert latex_of(Probability("A")) == "P(A)"
    assert latex_of("P(A)") is None
    assert latex_of(7) is None


def test_steps_cannot_be_changed_afterwards():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Step("r", "", "a", "b").rule = "another"
