"""The palette: enough contrast in both themes, monotone scales, the same colours as the figures."""

from __future__ import annotations

import re

import pytest

from agentos_lab.figures import COLOURS
from widgets.palette import DARK, LIGHT, colour, css_variables, diverging, mix, sequential

THEMES = {"light": LIGHT, "dark": DARK}


def luminance(value: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    channels = (int(value[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_ground_and_wash(theme):
    palette = THEMES[theme]
    for name in ("ink", "quiet", *(name for name in palette if name.endswith("-text"))):
        for under in ("ground", "wash"):
            assert contrast(palette[name], palette[under]) >= 4.5, (name, under)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_filled_chips(theme):
    palette = THEMES[theme]
    for name in (name for name in palette if name.endswith("-fill") and name != "on-fill"):
        assert contrast(palette["on-fill"], palette[name]) >= 4.5, name


@pytest.mark.parametrize("theme", THEMES)
def test_ink_can_be_read_on_the_tint_that_marks_a_choice(theme):
    dark = theme == "dark"
    assert contrast(colour("ink", dark=dark), mix("blue", 0.25, dark=dark)) >= 7


@pytest.mark.parametrize("dark", [False, True])
def test_scales_run_evenly_away_from_the_ground(dark):
    steps = [luminance(sequential(i / 20, dark=dark)) for i in range(21)]
    assert steps == sorted(steps, reverse=not dark)
    assert diverging(0, dark=dark) == sequential(0, dark=dark) == colour("ground", dark=dark)
    assert diverging(1, dark=dark) == colour("blue", dark=dark)
    assert diverging(-1, dark=dark) == colour("vermilion", dark=dark)
    assert sequential(7, dark=dark) == sequential(1, dark=dark)


def test_figures_have_the_same_colours():
    assert {name: LIGHT[name] for name in COLOURS} == dict(COLOURS)


def test_the_style_sheet_defines_every_colour_for_both_themes():
    light, dark = css_variables(".view").splitlines()
    for line in (light, dark):
        assert set(re.findall(r"--lab-([\w-]+):", line)) == set(LIGHT) == set(DARK)
    assert "var(--jp-layout-color0, #ffffff)" in light and dark.startswith('.view[data-theme="dark"]{')
