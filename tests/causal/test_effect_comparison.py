"""Several estimates beside each other."""

from __future__ import annotations

import pytest
from causal_studies import CONFOUNDED, confounded

from agentos_lab.causal import compare_effects, estimate_effect

FOUND = [estimate_effect(confounded(0), CONFOUNDED, "x", "y", method) for method in ("ipw", "regression", "ipw")]


def test_a_table_a_text_and_a_forest():
    both = compare_effects(FOUND, {"ipw": 2.0})
    assert list(both) == ["ipw", "regression", "ipw 2"] and len(both) == 3
    assert both["regression"] is FOUND[1]
    assert both.table.loc["ipw", "published"] == 2.0 and both.table["value"].tolist() == [one.value for one in FOUND]
    assert str(both).splitlines()[0].endswith("published 2.00") and both._repr_html_().count("<tr>") == 4
    assert "published" in both._repr_html_() and "published" not in compare_effects(FOUND)._repr_html_()
    figure = both.plot()
    assert figure.alt.startswith("Forest plot: ipw ")
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["ipw", "regression", "ipw 2"]
    assert FOUND[0].plot(axes) is figure


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="at least one estimate"):
        compare_effects([])
    with pytest.raises(ValueError, match="a published figure is given for 'aipw'; the estimates are ipw"):
        compare_effects(FOUND[:1], {"aipw": 1.0})
    with pytest.raises(ValueError, match="give a list of estimates"):
        compare_effects(FOUND[0])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"such as estimate_effect gives, not 3\.4"):
        compare_effects([3.4])  # type: ignore[list-item]
