"""The palette: one meaning, one colour, in every widget and figure (Okabe and Ito 2008, safe for colour-blind eyes).

| name | says |
|---|---|
| blue | chosen, treatment, agent one |
| vermilion | outcome, conflict, loss |
| green | open, proved, allowed |
| amber | conditioned, waiting |
| purple | latent, imagined |
| sky | a second series |
| grey | inactive |

The bright ones are for marks. For text take ``…-text``, for a filled chip under ``on-fill`` text ``…-fill``:
both have a contrast of at least 4.5. Colour never stands alone: a shape, a dash or a number says it too. Matplotlib
figures have the same colours (`agentos_lab.figures`).
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DARK", "LIGHT", "colour", "css_variables", "diverging", "mix", "sequential"]

LIGHT: Mapping[str, str] = {
    "ink": "#1a1a1a",
    "quiet": "#5f5f5f",
    "hairline": "#d9d9d9",
    "ground": "#ffffff",
    "wash": "#f1f5f8",
    "blue": "#0072b2",
    "vermilion": "#d55e00",
    "green": "#009e73",
    "amber": "#e69f00",
    "purple": "#cc79a7",
    "sky": "#56b4e9",
    "grey": "#999999",
    "blue-text": "#005a8f",
    "vermilion-text": "#a84a00",
    "green-text": "#00664d",
    "amber-text": "#7a5300",
    "purple-text": "#9c4678",
    "sky-text": "#1f6a96",
    "blue-fill": "#0072b2",
    "vermilion-fill": "#b34700",
    "green-fill": "#00775a",
    "amber-fill": "#8a5f00",
    "purple-fill": "#9c4678",
    "on-fill": "#ffffff",
}

DARK: Mapping[str, str] = {
    "ink": "#ececec",
    "quiet": "#ababab",
    "hairline": "#3a3d40",
    "ground": "#111111",
    "wash": "#1c2124",
    "blue": "#56b4e9",
    "vermilion": "#e6762e",
    "green": "#2fb98f",
    "amber": "#f0b030",
    "purple": "#cc79a7",
    "sky": "#9fd4f3",
    "grey": "#8a8a8a",
    "blue-text": "#79c4ee",
    "vermilion-text": "#f39a5e",
    "green-text": "#52cba6",
    "amber-text": "#f3bf57",
    "purple-text": "#e2a5c6",
    "sky-text": "#9fd4f3",
    "blue-fill": "#56b4e9",
    "vermilion-fill": "#e6762e",
    "green-fill": "#2fb98f",
    "amber-fill": "#f0b030",
    "purple-fill": "#cc79a7",
    "on-fill": "#111111",
}

# Where the notebook's own theme has a word for it, the theme wins; ours is the fall-back outside Jupyter.
FROM_THEME: Mapping[str, str] = {
    "ink": "--jp-ui-font-color1",
    "quiet": "--jp-ui-font-color2",
    "hairline": "--jp-border-color2",
    "ground": "--jp-layout-color0",
}


def colour(name: str, *, dark: bool = False) -> str:
    """The ``#rrggbb`` of a palette name; anything else (``none``, ``#123456``) is returned as it is."""
    return (DARK if dark else LIGHT).get(name, name)


def mix(name: str, amount: float, *, into: str = "ground", dark: bool = False) -> str:
    """Colour between `into` (amount 0) and `name` (amount 1), mixed linearly in sRGB."""
    ends = [_channels(colour(end, dark=dark)) for end in (into, name)]
    share = min(1.0, max(0.0, amount))
    return "#" + "".join(f"{round(low + share * (high - low)):02x}" for low, high in zip(*ends, strict=True))


def sequential(amount: float, *, dark: bool = False) -> str:
    """Sequential scale: ground at 0, blue (in the dark: sky) at 1."""
    return mix("blue", amount, dark=dark)


def diverging(amount: float, *, dark: bool = False) -> str:
    """Diverging scale, symmetric about zero: vermilion at −1, ground at 0, blue at 1."""
    return mix("blue" if amount >= 0 else "vermilion", abs(amount), dark=dark)


def css_variables(root: str) -> str:
    """Style rules that define ``--lab-<name>`` on the elements that match `root`, for both themes."""
    light = "".join(f"--lab-{name}:{_css_value(name, value)};" for name, value in LIGHT.items())
    dark = "".join(f"--lab-{name}:{_css_value(name, value)};" for name, value in DARK.items())
    return f'{root}{{{light}}}\n{root}[data-theme="dark"]{{{dark}}}\n'


def _css_value(name: str, value: str) -> str:
    return f"var({FROM_THEME[name]}, {value})" if name in FROM_THEME else value


def _channels(value: str) -> tuple[int, ...]:
    return tuple(int(value[start : start + 2], 16) for start in (1, 3, 5))
