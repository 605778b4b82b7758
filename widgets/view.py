"""A view: one library object made visible, in a notebook, live or as a static picture.

How to write one, here a die that can be rolled (`widgets/tokenizer.py` is a grown example)::

    def die_state(face: int) -> dict[str, Any]:                    # 1. a pure function: what is to be seen
        sentence = ["The die shows ", strong(face), "."]
        return header("A die", sentence, meta="six sides") | {"face": face, "chance": 1 / 6}

    class Die(View):
        "A die. Change `face` from Python or by its stepper."
        javascript = Path(__file__).with_name("die.js")            # or the text itself
        measures = {"side": 64}                                    # 2. numbers that both drawings use
        settings = ("face",)                                       # 3. traits whose change calls compute()
        face = traitlets.Int(1, min=1, max=6).tag(sync=True)

        def compute(self) -> dict[str, Any]:
            return die_state(self.face)

        def draw(self, picture: Picture, state: dict[str, Any]) -> float:   # 4. the static stage; returns its height
            side = self.measures["side"]
            picture.rect(16, 8, side, side, fill="wash", stroke="ink", radius=6)
            picture.text(16 + side / 2, 8 + side / 2 + 5, str(state["face"]), anchor="middle", weight=600)
            return side + 16

    // die.js: the live stage and the controls, functions of (state, ui, width)
    const { svg, rect, text, stepper, reset } = lab;
    export default lab.view({
      stage: ({ state, width }) => svg(width, MEASURES.side + 16, [
        rect(16, 8, MEASURES.side, MEASURES.side, { fill: "wash", stroke: "ink", radius: 6 }),
        text(16 + MEASURES.side / 2, 8 + MEASURES.side / 2 + 5, String(state.face), { anchor: "middle", weight: 600 }),
      ]),
      controls: (view) => [
        stepper({ label: "Face", value: view.get("face"), min: 1, max: 6, change: (face) => view.send({ face }) }),
        reset(view),
      ],
    });

The contract:

- **state** is one JSON-able dict made by a pure function of library results, tested without a browser. It holds
  `title`, `sentence` and `meta` (made by `header`), everything the stage needs, numbers and printed numbers alike.
  What Python has written once (a sentence, a rounded number) JavaScript never writes again. Heavy arrays go through
  `pack(array, "float16")`; they travel as bytes, `lab.unpack` reads them. What is heavy and seldom changes may be a
  trait of its own: `weights = traitlets.Dict().tag(sync=True)`.
- **settings** are the traits that need Python: the browser sends one (`view.send({layer: 3})`, latest wins), `compute`
  runs, the new state comes back. **selections** are the traits that the browser handles alone (a scrub position, a
  chosen cell): visible to `observe` in Python, drawn without waiting. Reset returns both to where they began.
- **problems**: `compute` returns `notice("empty" | "loading" | "failed" | "too-large", title, sentence)` instead of a
  picture, with a sentence that says what to do. A ValueError or RuntimeError raised by `compute` is shown as "failed"
  when it follows a change by the reader; when the view is constructed it is raised as ever.
- **the picture** is drawn twice, by `draw` here and by `stage` in JavaScript, with words of the same names and the
  same `measures`; both start at (0, 0) under the header, are `width` (860) wide and keep 16 px free at both sides. The
  static one is the state at display time, without controls and hover, in the light theme, the same to the byte
  everywhere. Text widths come from `text_metrics` on both sides, never from a canvas.
- **a text that the reader edits** goes into `state["entry"]`: the static picture draws it under the header, where the
  live view has what its `entry` gives (`lab.field`), which stays when the state is a notice.
- **a sentence that follows a selection** (a scrub position) is picked by `telling` here and by `sentence` in
  JavaScript, both from sentences that `compute` has put into the state; `facts` and `meta` do so for the meta.
- **JavaScript** is one ES module: constants, `shared.js` (the object `lab`; its contract is at its top) and the view's
  own file with those that it imports (`browser_module`). After editing a file, `view.reload()` shows the change in the
  running notebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import numpy as np
import traitlets

from .browser_module import NOTICES, module_text, style_text
from .picture import Picture
from .runs import Runs, code, plain, rich, strong
from .static_frame import draw_field, draw_header, draw_notice

__all__ = ["View", "code", "header", "notice", "pack", "strong", "unpack"]

NUMERIC = ("float16", "float32", "int32", "uint16", "uint8")


class View(anywidget.AnyWidget):
    """What all views share: state, header, static picture, one ES module, settings and their reset.

    Args:
        **settings: Initial values of traits by name, `width` (pixels, 640 to 1200) among them.
    """

    javascript: ClassVar[str | Path] = ""  # a file or the text itself; ends in `export default lab.view({…})`
    stylesheet: ClassVar[str | Path] = ""
    measures: ClassVar[Mapping[str, Any]] = {}  # numbers that both drawings use: MEASURES in JavaScript
    settings: ClassVar[tuple[str, ...]] = ()
    selections: ClassVar[tuple[str, ...]] = ()

    state = traitlets.Dict().tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    width = traitlets.Int(860, min=640, max=1200).tag(sync=True)
    initial = traitlets.Dict().tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        self._written_class = type(self)  # anywidget gives each instance a class of its own, to hold its traits
        self._esm, self._css = module_text(self._written_class), style_text(self._written_class)
        super().__init__(**settings)
        self.observe(self._answer, names=list(self.settings))

    def open(self) -> None:
        """Compute the first state before the front end hears of the view (called by ipywidgets)."""
        self._computed_for = self._present_settings()
        self.state = self.compute()
        self.initial = {name: getattr(self, name) for name in (*self.settings, *self.selections)}
        super().open()

    def compute(self) -> dict[str, Any]:
        """The state for the present settings; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} must define compute()")

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """Draw the stage of the static picture from (0, 0) and return its height; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} must define draw()")

    def refresh(self) -> None:
        """Compute and show the state anew, for example after the library object has changed."""
        self._computed_for = self._present_settings()
        self.busy = True  # the stage greys out if the answer takes longer than a glance
        try:
            state = self.compute()
        except (ValueError, RuntimeError) as error:
            title = self.state.get("title", type(self).__name__)
            state = notice("failed", title, [strong("This did not work: "), str(error)])
        except BaseException:  # an interrupt, a mistake in `compute`: it is raised, and the stage is not left grey
            self.busy = False
            raise
        with self.hold_sync():  # one message for both
            self.state = state
            self.busy = False

    def svg(self) -> str:
        """The static picture of the present state: header and stage, light theme, equal on every machine."""
        picture = Picture(self.width, self.sentence)
        top = draw_header(picture, self.state["title"], self.telling(), self.facts())
        if "entry" in self.state:
            top += draw_field(picture, top, self.state["entry"])
        with picture.group(0, top):
            height = draw_notice(picture, self.state) if "status" in self.state else self.draw(picture, self.state)
        picture.height = round(top + height)
        return str(picture)

    @property
    def sentence(self) -> str:
        """The header's sentence as plain text: what the view shows, in words."""
        return plain(self.telling())

    def telling(self) -> Runs:
        """The header's sentence with its styled parts; override it where a selection picks among several."""
        return self.state.get("sentence", "")

    def facts(self) -> str:
        """The quiet facts beside the title; override it where they follow a selection."""
        return self.state.get("meta", "")

    def reload(self) -> None:
        """Read the JavaScript and CSS files again and show them in the running notebook."""
        self._esm, self._css = module_text(self._written_class), style_text(self._written_class)

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.sentence}"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**options)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "text/plain": repr(self), "image/svg+xml": self.svg()}, metadata

    def _present_settings(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.settings)

    def _answer(self, change: Mapping[str, Any]) -> None:
        # Two settings that change together are told one by one; the first telling has computed for both.
        if self._computed_for != self._present_settings():
            self.refresh()


def header(title: str, sentence: Runs, meta: str = "") -> dict[str, Any]:
    """The first part of every state.

    Args:
        title: What the view is about, in plain words, often a question.
        sentence: What it shows now; also its accessible name and the static picture's text alternative.
        meta: Quiet facts for the right end of the title's line, e.g. the model's name and size.
    """
    return {"title": title, "sentence": rich(sentence), "meta": meta}


def notice(status: str, title: str, sentence: Runs) -> dict[str, Any]:
    """A state without a picture.

    Args:
        status: "empty", "loading", "failed" or "too-large".
        title: As in `header`.
        sentence: What is the matter and what to do.
    """
    if status not in NOTICES:
        raise ValueError(f"status is {status!r}; expected {', '.join(NOTICES)}")
    return header(title, sentence) | {"status": status}


def pack(array: Any, dtype: str = "float32") -> dict[str, Any]:
    """An array for the browser, as little-endian bytes that `lab.unpack` reads.

    Args:
        array: Anything `numpy.asarray` takes; a torch tensor on the CPU without gradient too.
        dtype: "float32", "float16" (half the bytes, three digits), "int32", "uint16" or "uint8".
    """
    if dtype not in NUMERIC:
        raise ValueError(f"dtype is {dtype!r}; the browser reads {', '.join(NUMERIC)}")
    values = np.asarray(array).astype(np.dtype(dtype).newbyteorder("<"))
    return {"dtype": dtype, "shape": list(values.shape), "data": values.tobytes()}


def unpack(packed: Mapping[str, Any]) -> np.ndarray:
    """The array that `pack` packed."""
    return np.frombuffer(packed["data"], np.dtype(packed["dtype"]).newbyteorder("<")).reshape(packed["shape"])
