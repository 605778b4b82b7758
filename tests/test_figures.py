"""Figures show themselves, speak, and leave pyplot alone."""

import subprocess
import sys

from agentos_lab.figures import axes_for, new_figure


def test_a_figure_displays_itself_as_a_picture_with_words():
    figure, axes = new_figure("Loss falls", "A curve that falls from 4 to 2.")
    axes.plot([1, 2, 3], [4, 3, 2])
    data, metadata = figure._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG") and data["text/plain"] == "A curve that falls from 4 to 2."
    assert metadata["image/png"] == {"width": 700, "height": 320, "alt": "A curve that falls from 4 to 2."}


def test_columns_give_as_many_axes():
    _, axes = new_figure("Two", "Two empty axes.", columns=2, sharey=True)
    assert len(axes) == 2 and not axes[0].spines["top"].get_visible()


def test_drawing_never_loads_pyplot():
    program = (
        "import sys; from agentos_lab.figures import new_figure; f, a = new_figure('t', 'alt'); a.plot([1, 2]); "
        "f._repr_mimebundle_(); assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_result_draws_on_given_axes_or_on_a_figure_of_its_own():
    given, axes = new_figure("Mine", "Empty axes.")
    assert axes_for(axes, "unused", "unused") == (given, axes)
    made, _ = axes_for(None, "Its own", "A new figure.")
    assert repr(made) == "A new figure."
