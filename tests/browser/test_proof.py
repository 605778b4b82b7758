"""ProofExplorer in a real JupyterLab: steps by mouse and by keys, checks, folds, the search, pictures."""

from __future__ import annotations

import pytest

CODE = """from agentos_lab.logic import Strategy, load_problem, prove
from widgets import ProofExplorer
def proof(name):
    problem = load_problem(name)
    return prove(problem.premises, problem.goal, engine="resolution")
view = ProofExplorer(proof("WEST"))
view"""
LARGE = "large = ProofExplorer(proof('PEL47'))\nlarge"
SEARCH = """search = ProofExplorer.search(load_problem("CURIOSITY"),
    strategy={"default": Strategy(), "first in, first out": Strategy(weight_to_age=(0, 1), subsumption=False)})
search"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE, LARGE, SEARCH])


@pytest.fixture
def view(notebook):
    notebook.execute("view.step, view.asked, view.opened, view.latex, view.view = 0, [], [], False, 'graph'")
    shown = notebook.view("ProofExplorer")
    agree(notebook, shown)
    return shown


def agree(notebook, view, name="view"):
    """The page shows the sentence that Python has."""
    notebook.until(
        lambda: view.locator(".lab-sentence").text_content() == notebook.python(f"{name}.sentence"), seconds=30
    )


def after(notebook, expression, value):
    notebook.until(lambda: notebook.python(expression) == value)


@pytest.mark.parametrize("width", [640, 860, 900, 1200])
def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view, width):
    views = {"view": view, "large": notebook.view("ProofExplorer", 1), "search": notebook.view("ProofExplorer", 2)}
    notebook.execute("view.step, view.asked = 12, [12]")
    agree(notebook, view)
    notebook.drawn_at(width, views, "proof", 570)
