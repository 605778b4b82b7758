"""The constructors of cells give valid notebooks, with metadata that nbgrader accepts and steady ids."""

from __future__ import annotations

from textwrap import dedent
from types import SimpleNamespace

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.teaching import cells

DOUBLE = '''
    def double(number):
        """Twice the number."""
        ### BEGIN SOLUTION
        return 2 * number
        ### END SOLUTION
'''


def test_a_notebook_of_every_kind_of_cell_is_valid_for_jupyter_and_for_nbgrader():
    nbgrader_format = pytest.importorskip("nbgrader.nbgraderformat")
    made = cells.notebook(
        cells.opening("Doubling", "How much is twice?", able_to=["double"], minutes=5, needs="Python"),
        cells.code("1 + 1"),
        cells.exercise("11.double", DOUBLE, points=1, hidden="assert double(0) == 0", hidden_points=2),
        cells.open_question("11.why", "Why?", answer="Because.", points=2),
    )
    nbformat.validate(made)
    nbgrader_format.MetadataValidator().validate_nb(nbformat.from_dict(made))


def test_the_attempt_shows_the_signature_and_the_check_but_not_the_solution():
    attempt, answer, tests = cells.exercise("11.double", DOUBLE, points=1)
    assert attempt["source"] == dedent('''\
        def double(number):
            """Twice the number."""
            ...  # your turn


        check("11.double", double)''')
    assert cells.is_attempt(attempt) and not cells.is_attempt(answer)
    assert "nbgrader" not in attempt["metadata"]
    assert "return 2 * number" in answer["source"]
    assert tests["source"].endswith('check("11.double", double).require()')


def test_answer_and_tests_are_folded_and_graded():
    _, answer, tests, hidden = cells.exercise(
        "11.double", DOUBLE, points=1, hidden="assert double(0) == 0", hidden_points=2
    )
    assert all(cell["metadata"]["jupyter"] == {"source_hidden": True} for cell in (answer, tests, hidden))
    assert answer["metadata"]["nbgrader"]["solution"] and not answer["metadata"]["nbgrader"]["grade"]
    assert [cell["metadata"]["nbgrader"]["points"] for cell in (tests, hidden)] == [1, 2]


def test_hidden_tests_without_points_of_their_own_share_those_of_the_check():
    made = cells.exercise("11.double", DOUBLE, points=3, hidden="assert double(0) == 0")
    assert len(made) == 3
    assert made[-1]["source"].endswith("### BEGIN HIDDEN TESTS\nassert double(0) == 0\n### END HIDDEN TESTS")


def test_an_attempt_of_its_own_replaces_the_derived_one():
    attempt, *_ = cells.exercise(
        "11.double", DOUBLE, points=1, attempt="factor = 1  # change this", answer="lambda n: factor * n"
    )
    expected = 'factor = 1  # change this\n\n\ncheck("11.double", lambda n: factor * n)'
    assert attempt["source"] == expected


@pytest.mark.parametrize("name", ["double", "11", "x.double", "11.two words"])
def test_an_exercise_without_number_or_name_is_refused(name):
    with pytest.raises(ValueError, match="named like"):
        cells.exercise(name, DOUBLE, points=1)


def test_an_answer_without_solution_region_is_refused():
    with pytest.raises(ValueError, match="no solution region"):
        cells.solution_cell("double", "def double(number): return 2 * number")


def test_ids_come_from_the_section_and_survive_edits_elsewhere():
    first, second = cells.markdown("## Scores"), cells.code("1")
    before = cells.name_cells([cells.markdown("# Title"), first, second])
    after = cells.name_cells([cells.markdown("# Title"), cells.code("new"), first, second])
    assert [cell["id"] for cell in before] == ["title-1", "scores-1", "scores-2"]
    assert [cell["id"] for cell in after] == ["title-1", "title-2", "scores-1", "scores-2"]


def test_sections_of_one_name_get_different_ids():
    named = cells.name_cells([cells.markdown("## Try"), cells.markdown("## Try"), cells.markdown("## Try")])
    assert len({cell["id"] for cell in named}) == 3


@given(st.lists(st.sampled_from(["a = 1", "    return a", "### BEGIN SOLUTION", "  ### END SOLUTION", ""])))
def test_regions_are_replaced_as_nbgrader_does(lines):
    clear_solutions = pytest.importorskip("nbgrader.preprocessors").ClearSolutions()
    source = "\n".join(lines)
    theirs = SimpleNamespace(source=source, cell_type="code")
    try:
        clear_solutions._replace_solution_region(theirs, "python")
    except RuntimeError:
        with pytest.raises(ValueError, match="SOLUTION"):
            cells.replace_region(source, "SOLUTION", "stub")
    else:
        stub = "# YOUR CODE HERE\nraise NotImplementedError()"
        assert cells.replace_region(source, "SOLUTION", stub) == theirs.source
