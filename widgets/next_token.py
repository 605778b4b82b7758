"""NextTokenExplorer: what a model says comes next, how temperature and cuts reshape it, and where other roads led."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch
import traitlets

from agentos_lab.lm.language_model import LanguageModel
from agentos_lab.lm.sampling import Sampling

from .next_token_panels import draw_lens, draw_roads
from .next_token_picture import draw_bars, draw_chips, layout
from .next_token_state import TITLE, Labels, Reshaped, facts_of, next_token_state, ranked, reshape, sentence_of
from .next_token_walk import Walk, look_through_layers
from .picture import Picture
from .runs import Runs, rich
from .view import View, notice, pack

__all__ = ["NextTokenExplorer"]


class NextTokenExplorer(View):
    """See what a language model says comes next, reshape it, draw from it, and go back to the roads not taken.

    The stage shows the text so far, the likeliest tokens three times (what the model says, what you draw from, the
    running sum that top-p cuts), the roads that lead off the last steps, and the logit lens through the layers. Drag
    the ring sideways to set top-p, the line up and down to set top-k. Click a token to take it; Space draws one,
    Backspace goes back.

    Args:
        lm: A causal language model, pretrained or your own.
        text: The prompt.
        temperature: Below 1 sharpens, above 1 flattens, 0 always takes the favourite.
        top_k: Draw from the k likeliest tokens only; None keeps all.
        top_p: Draw from the likeliest tokens that hold this probability; None keeps all.
        seed: The same seed draws what `lm.generate` with these settings writes.
        **settings: Initial values of the other traits.

    Attributes:
        text, temperature, top_k, top_p, seed: As above; changes are shown at once.
        tokens: Ids of the tokens since the prompt. Set it, and the walk goes there.

    Raises:
        ValueError: The model is not causal, or cannot read the text.

    Example:
        >>> view = NextTokenExplorer(lm, "The cat sat on the", temperature=0.8, top_p=0.9)    # doctest: +SKIP
        >>> view.observe(lambda change: print(lm.tokenizer.decode(change.new)), "tokens")     # doctest: +SKIP

    To draw in another way, override `choose`. This view never takes the favourite::

        class Contrarian(NextTokenExplorer):
            def choose(self, logits):
                return int(logits.topk(2).indices[1])
    """

    javascript = Path(__file__).with_name("next_token.js")
    stylesheet = Path(__file__).with_name("next_token.css")
    settings = ("text", "tokens")
    selections = ("temperature", "top_k", "top_p", "seed")
    measures: ClassVar[Mapping[str, float]] = {
        "chip": 24,  # height
        "top": 94,  # of the first row
        "row": 17,
        "rows": 12,  # tokens that have a row of their own
        "bar": 11,  # height
        "sum": 104,  # width of the running sum, from 0 to 1
        "knot": 34,  # from step to step in the roads
        "lens": 90,  # height of the logit lens
        "narrow": 760,  # below this width the roads go under the bars
    }

    text = traitlets.Unicode().tag(sync=True)
    tokens = traitlets.List(traitlets.Int(min=0)).tag(sync=True)
    temperature = traitlets.Float(1.0, min=0.0).tag(sync=True)
    top_k = traitlets.Int(None, allow_none=True, min=1).tag(sync=True)
    top_p = traitlets.Float(None, allow_none=True, min=0.001, max=1.0).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    scores = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        lm: LanguageModel,
        text: str = "",
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        seed: int = 0,
        **settings: Any,
    ) -> None:
        if not isinstance(lm, LanguageModel):
            hint = "LanguageModel(model, tokenizer, name) puts a GPT and its tokenizer together"
            raise ValueError(f"expected a LanguageModel, got {type(lm).__name__}; {hint}")
        if not lm.model.config.causal:
            raise ValueError(
                "a masked model sees the future and has no next token; give a causal one, or look at this one with "
                "AttentionExplorer"
            )
        Sampling(temperature, top_k, top_p)  # says what is wrong with a setting
        self.lm = lm
        self._labels = Labels(lm)
        self._walk: Walk | None = None
        self._hurry = False  # a reader waits: roads can follow later
        given = {"text": text, "temperature": temperature, "top_k": top_k, "top_p": top_p, "seed": seed}
        super().__init__(**given, **settings)
        self.on_msg(self._hear)

    def compute(self) -> dict[str, Any]:
        """The state at the place to which `tokens` lead."""
        if not self.text:
            return notice("empty", TITLE, "Type a text to continue.")
        if self._walk is None or self._walk.text != self.text:
            self._walk = Walk(self.lm, self.text)
        reading = self._walk.read(tuple(self.tokens))
        scores, order = ranked(reading.logits.cpu())
        self._place = (scores, order, look_through_layers(self.lm, reading.streams, order[: self._rows].tolist()))
        self.scores = pack(scores)  # by itself: it need not travel again when the roads are known
        if not self._hurry:
            self._look_ahead()
        return self._state()

    def choose(self, logits: torch.Tensor) -> int:
        """The token to draw, given the scores of all (V,); the one that `lm.generate` would draw here."""
        generator = torch.Generator().manual_seed(self.seed)
        for _ in self.tokens:  # each token so far has used up one number
            torch.rand((), generator=generator, dtype=torch.float64)
        return Sampling(self.temperature, self.top_k, self.top_p).choose(logits, [], generator)

    def draw_token(self) -> int | None:
        """Draw one token and go on with it; None where the text has ended or the context is full."""
        if self._walk is None or self.state.get("ended", "stop"):
            return None
        token = self.choose(self._walk.read(tuple(self.tokens)).logits)
        self.tokens = [*self.tokens, token]
        return token

    def back(self) -> None:
        """Go back one token."""
        self.tokens = self.tokens[:-1]

    def refresh(self) -> None:
        """Show what the present settings give; if they are as they were, forget what the model said and ask again."""
        if self._computed_for == self._present_settings():
            self._walk = None
        self._hurry = True
        self.busy = True
        try:
            with self.hold_sync():  # scores and state in one message
                super().refresh()
        finally:
            self._hurry = False

    def telling(self) -> Runs:
        """The sentence for the present temperature, top-k and top-p."""
        if "status" in self.state:
            return super().telling()
        return sentence_of(self.state, self._reshaped(), self.temperature, self.top_k, self.top_p)

    def facts(self) -> str:
        """Model and uncertainty, for the present temperature, top-k and top-p."""
        return "" if "status" in self.state else facts_of(self.state, self._reshaped())

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        if state["pending"]:
            self._look_ahead()
            state = self._state()
        at, shape = layout(self.measures, picture.width), self._reshaped()
        draw_chips(picture, self.measures, state)
        cuts = (None, None) if self.temperature == 0.0 else (self.top_k, self.top_p)
        draw_bars(picture, self.measures, at, state, shape, *cuts)
        with picture.group(at["roads"], at["roads_top"]):
            draw_roads(picture, self.measures, at, state)
        with picture.group(0, at["lens"]):
            draw_lens(picture, self.measures, at, state)
        return at["height"]

    def _reshaped(self) -> Reshaped:
        return reshape(self._place[0], self.temperature, self.top_k, self.top_p)

    def _state(self) -> dict[str, Any]:
        """The state at a place that was computed."""
        assert self._walk is not None
        scores, order, lens = self._place
        state = next_token_state(self._walk, self._labels, tuple(self.tokens), lens, order[: self._rows], len(order))
        shape = reshape(scores, self.temperature, self.top_k, self.top_p)
        settings = (self.temperature, self.top_k, self.top_p)
        return state | {"sentence": rich(sentence_of(state, shape, *settings)), "meta": facts_of(state, shape)}

    @property
    def _rows(self) -> int:
        """Tokens that have a row of their own."""
        return int(self.measures["rows"])

    def _look_ahead(self) -> None:
        assert self._walk is not None
        path = tuple(self.tokens)
        first = max(0, len(path) - 5)
        self._walk.look_ahead([path[:end] for end in range(first, len(path) + 1)])

    def _hear(self, _: Any, content: Mapping[str, Any], __: Sequence[Any]) -> None:
        """What the browser asks for besides changes of traits."""
        asked = content.get("ask")
        if asked == "draw":
            self.draw_token()
        if asked == "roads" and self.state.get("pending"):
            self._look_ahead()
            self.state = self._state()

    @traitlets.observe("text")
    def _begin_anew(self, _: Any) -> None:
        if self._walk is not None:
            self.tokens = []
