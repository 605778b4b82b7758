"""TokenizerExplorer: type a text and see the tokens that a model reads, their bytes, and the merges that made them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.lm.tokenizer import Tokenizer

from .picture import Picture
from .runs import Runs
from .tokenizer_picture import draw_details, draw_strip, draw_word, shown_word
from .tokenizer_state import Tables, segments, tokenizer_state
from .view import View

__all__ = ["TokenizerExplorer"]


class TokenizerExplorer(View):
    """Type a text and see how one or two tokenizers cut it.

    The stage shows the tokens as chips, and of one word the way from characters to bytes to tokens. Click a token, or
    walk with the arrow keys, to see its number, its bytes and the rule that made it. For a byte-pair tokenizer the
    slider "Merge" replays the merges, in the order in which they were learnt.

    Args:
        tokenizer: One tokenizer, or several by name; the first two are compared.
        text: The text to begin with.
        **settings: Initial values of the traits.

    Attributes:
        text: The text; changes at every key.
        tokens: Numbers of the text's tokens (first tokenizer).
        selected: Index of the chosen token, or None.
        step: How many merges are shown as done; None: all.
        name, against: Which tokenizers are shown, by name; `against` may be "".

    Example:
        >>> view = TokenizerExplorer(tokenizer, text="The cat sat.")    # doctest: +SKIP
        >>> view.observe(lambda change: print(change.new), "tokens")    # doctest: +SKIP

    To show something else about a text, override `compute` and add to the state, then draw it in `tokenizer.js`.
    """

    javascript = Path(__file__).with_name("tokenizer.js")
    stylesheet = Path(__file__).with_name("tokenizer.css")
    settings = ("text", "name", "against")
    selections = ("selected", "step")
    measures: ClassVar[Mapping[str, float]] = {
        "chip": 24,  # height
        "gap": 5,
        "heading": 24,
        "row": 44,  # chips with their numbers under them
        "row_compared": 30,
        "rows": 3,  # more are scrolled to
        "rows_compared": 2,
        "cell": 44,  # a byte, at most
        "level": 20,  # a merge
        "levels": 5,
        "side": 264,  # width of the details
        "panel": 184,
    }

    text = traitlets.Unicode("The cat sat on the mat.").tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    against = traitlets.Unicode("").tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    selected = traitlets.Int(None, allow_none=True, min=0).tag(sync=True)
    step = traitlets.Int(None, allow_none=True, min=0).tag(sync=True)
    tokens = traitlets.List(traitlets.Int())

    def __init__(
        self, tokenizer: Tokenizer | Mapping[str, Tokenizer], text: str | None = None, **settings: Any
    ) -> None:
        self.tokenizers = dict(tokenizer) if isinstance(tokenizer, Mapping) else {name_of(tokenizer): tokenizer}
        if not self.tokenizers:
            raise ValueError("expected a tokenizer, got an empty dict; give it one, or several by name")
        for given in self.tokenizers.values():
            if not isinstance(given, Tokenizer):
                hint = "a language model has one as lm.tokenizer; CharTokenizer.from_text(text) makes one"
                raise ValueError(f"expected a tokenizer, got {type(given).__name__}; {hint}")
        self._tables: dict[str, Tables] = {}
        names = [*self.tokenizers]
        settings = {"name": names[0], "against": names[1] if len(names) > 1 else "", "names": names} | settings
        super().__init__(**settings | ({} if text is None else {"text": text}))

    def compute(self) -> dict[str, Any]:
        """The state for the present text and tokenizers."""
        if self.name not in self._tables:
            self._tables[self.name] = Tables.of(self.tokenizers[self.name])
        against = self.against if self.against != self.name else ""
        state = tokenizer_state(self.tokenizers, self.text, self.name, against, self._tables[self.name])
        self.tokens = [chip["id"] for chip in state["strips"][0]["chips"]] if "strips" in state else []
        return state

    def telling(self) -> Runs:
        """The sentence of the step that is shown, or of the whole."""
        steps = self.state.get("steps")
        return steps[min(self.step, len(steps) - 1)] if steps and self.step is not None else super().telling()

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        top = 0.0
        for index, strip in enumerate(state["strips"]):
            chips = segments(state, self.step) if index == 0 else strip["chips"]
            top += draw_strip(picture, self.measures, state, top, index, chips, self.selected)
        picture.line(16, top + 2.5, picture.width - 16, top + 2.5)
        chips = state["strips"][0]["chips"]
        chosen = chips[self.selected] if self.selected is not None and self.selected < len(chips) else None
        if chips:
            word = shown_word(state, chosen)
            merged = [chip for chip in segments(state, self.step) if chip.get("new")]
            inside = next(chip for chip in [*merged, *chips] if chip["at"] + chip["size"] > word[0])
            with picture.group(0, top + 10):
                draw_word(picture, self.measures, state, word, self.step, chosen)
                draw_details(picture, self.measures, state, chosen or inside, chips)
        return top + 10 + self.measures["panel"]

    @traitlets.validate("name", "against")
    def _known(self, proposal: Mapping[str, Any]) -> str:
        name, owner = proposal["value"], proposal["trait"].name
        if name not in self.tokenizers and not (owner == "against" and name == ""):
            raise traitlets.TraitError(f"{owner} is {name!r}; the tokenizers are {', '.join(self.tokenizers)}")
        return name


def name_of(tokenizer: Any) -> str:
    """What to call a tokenizer that was given without a name."""
    return getattr(tokenizer, "kind", type(tokenizer).__name__)
