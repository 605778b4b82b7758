"""AttentionExplorer: where does each token of a text look, in every head of a language model?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import traitlets
from torch import Tensor

from agentos_lab.lm.language_model import LanguageModel

from .attention_layout import MEASURES, label_room, layout, shown_tokens
from .attention_picture import Selection, draw_attention
from .attention_reading import Reading, read, tokens_of
from .attention_state import TITLE, attention_patterns, attention_state, head_effects
from .picture import Picture
from .runs import Runs, code, counted
from .view import View, notice

__all__ = ["AttentionExplorer"]

LONGEST = 256  # tokens; the weights of 270 heads over 256 tokens take 70 MB


class AttentionExplorer(View):
    """All heads of a model small, one head large, one weight step by step; switch parts off and look again.

    Args:
        lm: Any language model: pretrained, trained by yourself, causal or masked.
        text: What it reads. Special tokens may be written in it; a masked model wants a ``<mask>``.
        layer: Layer of the head that is shown large, from 0.
        head: Head of that layer, from 0.
        start: Put the token that begins texts in front, if the model has one. Many heads park their weight on it.
        **settings: Further traits by name, for example ``ablated=True``.

    Traits:
        text, layer, head: As above.
        ablated: Whether the head is silenced: what it brings is set to zero (its mean would be a milder choice).
        mask: ``"causal"`` (a token sees those before it) or ``"two-way"``.
        positions: Whether tokens know where they stand; if not, all stand at position 0.
        query: The chosen row, an index of a token; negative ones count from the end, None is no row.
        key: The chosen cell of that row; None is the one with the largest weight.
        overview: ``"patterns"``, or ``"effect"``: how much silencing each head moves the favourite token.
        measured: Layers whose effects have been measured. Raise it to measure more: a run of the model for each head.
        window: First token that is shown when the text has more than 64; negative ones count from the end.

    Raises:
        ValueError: There is no such layer or head, or the model cannot read the text.

    Example:
        >>> explorer = AttentionExplorer(lm, "When Mary and John went out, John gave a drink to", layer=23, head=3)
        >>> explorer.observe(lambda change: print("head", change.new), "head")      # follow the reader
        >>> explorer.measured = 30                                                  # the effect of all heads

    To change it: numbers that both drawings use are in `measures`. This one draws opacity in proportion to the weight,
    and shows why it is not the default: weights of 0.1 are hardly seen. ::

        class LinearExplorer(AttentionExplorer):
            measures = {**AttentionExplorer.measures, "power": 1.0}
    """

    javascript = Path(__file__).with_name("attention.js")
    stylesheet = Path(__file__).with_name("attention.css")
    measures: ClassVar[Mapping[str, Any]] = MEASURES
    settings = ("text", "layer", "head", "ablated", "mask", "positions")
    selections = ("query", "key", "overview", "window")

    text = traitlets.Unicode().tag(sync=True)
    layer = traitlets.Int(0).tag(sync=True)
    head = traitlets.Int(0).tag(sync=True)
    ablated = traitlets.Bool(False).tag(sync=True)
    mask = traitlets.Enum(["causal", "two-way"], "causal").tag(sync=True)
    positions = traitlets.Bool(True).tag(sync=True)
    query = traitlets.Int(-1, allow_none=True).tag(sync=True)
    key = traitlets.Int(None, allow_none=True, min=0).tag(sync=True)
    overview = traitlets.Enum(["patterns", "effect"], "patterns").tag(sync=True)
    measured = traitlets.Int(0, min=0).tag(sync=True)
    window = traitlets.Int(-1).tag(sync=True)
    has_positions = traitlets.Bool(True).tag(sync=True)
    patterns = traitlets.Dict().tag(sync=True)
    effects = traitlets.Dict().tag(sync=True)

    def __init__(
        self, lm: LanguageModel, text: str = "", layer: int = 0, head: int = 0, *, start: bool = True, **settings: Any
    ) -> None:
        if not isinstance(lm, LanguageModel):
            hint = "LanguageModel(model, tokenizer, name) puts a GPT and its tokenizer together"
            raise ValueError(f"expected a LanguageModel, got {type(lm).__name__}; {hint}")
        self.lm, self.start = lm, start
        self._reading: Reading | None = None
        self._read_for: tuple[Any, ...] = ()
        self._asked_for: tuple[Any, ...] = ()
        self._without: dict[tuple[int, int], Tensor] = {}
        self._changes: list[Tensor] = []
        config = lm.model.config
        settings = {"mask": "causal" if config.causal else "two-way"} | settings
        super().__init__(text=text, layer=layer, head=head, has_positions=config.position != "none", **settings)

    def compute(self) -> dict[str, Any]:
        """The state for the present settings; the model runs only if the text or the model itself has changed."""
        config, present = self.lm.model.config, self._present_settings()
        for name, number, count in (("layer", self.layer, config.layers), ("head", self.head, config.heads)):
            if not 0 <= number < count:
                raise ValueError(f"{name} is {number}; {self.lm.name} has {name}s 0 to {count - 1}")
        wanted = (self.text, self.mask, self.positions)
        # Asked again for the same settings: the model itself has changed.
        if self._reading is None or wanted != self._read_for or present == self._asked_for:
            self._reading, self._asked_for = None, present
            problem = self._problem()
            if problem:
                return problem
            self._read(wanted)
        self._asked_for = present
        assert self._reading is not None
        return attention_state(self._reading, self.layer, self.head, self._silenced() if self.ablated else None)

    def telling(self) -> Runs:
        """The sentence of the chosen row, or of the whole head."""
        query = self._chosen_row()
        return super().telling() if query is None else self.state["rows"][query]

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        shown = shown_tokens(len(state["tokens"]), self.window, self.measures)
        query = self._chosen_row()
        key = self.key if query is not None and self.key in range(len(state["tokens"])) else None
        if query is not None and (key is None or (state["causal"] and key > query)):
            key = state["strongest"][query]
        chosen = Selection(query, key, self.overview, shown)
        label = label_room(state["tokens"], self.measures)
        at = layout(self.width, state["layers"], state["heads"], len(shown), label, self.measures)
        return draw_attention(picture, self.measures, at, state, self.patterns, self.effects, chosen)

    def _chosen_row(self) -> int | None:
        """Index of the chosen row; one that the text does not have is the last."""
        count = len(self.state.get("tokens", ()))
        if self.query is None or not count:
            return None
        return self.query if 0 <= self.query < count else count - 1 if self.query >= 0 else max(0, self.query + count)

    def _problem(self) -> dict[str, Any] | None:
        """What is to be said instead of a picture."""
        if not self.text:
            return notice("empty", TITLE, "Type a text: every head of the model shows where its tokens look.")
        count = len([token for part in tokens_of(self.lm, self.text, start=self.start) for token in part])
        if count > LONGEST:
            sentence = f"This text has {count:,} tokens, too many to show all at once; keep {LONGEST} or fewer. "
            return notice("too-large", TITLE, [sentence, code("lm.record"), " takes any length."])
        self.state = notice("loading", TITLE, f"Reading {counted(count, 'token')} …")
        return None

    def _read(self, wanted: tuple[Any, ...]) -> None:
        causal, positions = self.mask == "causal", self.positions
        self._reading = read(self.lm, self.text, causal=causal, positions=positions, start=self.start)
        asked = 0 if self._read_for else self.measured  # by whoever made the explorer
        self._read_for = wanted
        self._without.clear()
        self._changes.clear()
        self.patterns = attention_patterns(self._reading, self.measures["levels"], self.measures["power"])
        self.effects = head_effects(self._reading, [])
        self.measured = 0
        self.measured = asked

    def _silenced(self) -> Tensor:
        """The model's answer without the head that is shown."""
        assert self._reading is not None
        place = (self.layer, self.head)
        if place not in self._without:
            self._without[place] = self._reading.without(self.layer, [self.head])[0]
        return self._without[place]

    @traitlets.observe("measured")
    def _measure(self, change: Mapping[str, Any]) -> None:
        """Measure layers until as many are done as was asked for."""
        if self._reading is None:
            return
        config, before = self.lm.model.config, self._reading.probabilities
        favourite = int(before.argmax())
        while len(self._changes) < min(self.measured, config.layers):
            answers = self._reading.without(len(self._changes), range(config.heads))  # (H, V)
            self._changes.append(answers[:, favourite] - before[favourite])
            self.effects = head_effects(self._reading, self._changes)
