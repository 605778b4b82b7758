"""What a view sends to the browser: one ES module and one style sheet, each put together from files that people read.

A view's own JavaScript may be spread over several files. They are ordinary ES modules, which name what they take from
each other::

    import { layout } from "./attention_layout.js";        // in attention.js
    export const layout = (width, layers) => …;            // in attention_layout.js

The browser gets a single module (a notebook has no address from which it could fetch a second one), so `linked` does
what a bundler does, in a few lines: every imported file becomes a function that is called once and returns what the
file exports, in front of the files that need it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets

from .palette import LIGHT, css_variables
from .picture import ATTRIBUTES
from .text_metrics import measures

__all__ = ["NOTICES", "linked", "module_text", "style_text"]

HERE = Path(__file__).parent
ROOT = ".lab-view"  # the class of every view's outermost element
# What stands in place of a picture; the sentence in the header says what to do.
NOTICES = {"empty": "nothing to show yet", "loading": "working …", "failed": "✕", "too-large": "too large to draw"}

IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w.]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export const (\w+)", re.MULTILINE)


def module_text(cls: Any) -> str:
    """The ES module of a class of views: constants, the object `lab` from shared.js, its own files."""
    constants: Mapping[str, Any] = {
        "NAME": cls.__name__,
        "TRAITS": synced_traits(cls),
        "MEASURES": dict(cls.measures),
        "COLOURS": list(LIGHT),
        "ATTRIBUTES": dict(ATTRIBUTES),
        "NOTICES": NOTICES,
        "TEXT": measures(),
    }
    lines = [
        f"const {name} = {json.dumps(value, ensure_ascii=False, separators=(',', ':'))};"
        for name, value in constants.items()
    ]
    folder = cls.javascript.parent if isinstance(cls.javascript, Path) else HERE
    return "\n".join([*lines, linked('import { lab } from "./shared.js";', HERE), linked(read(cls.javascript), folder)])


def style_text(cls: Any) -> str:
    """The style sheet of a class of views: palette, shared.css, its own file."""
    return "\n".join([css_variables(ROOT), read(HERE / "shared.css"), read(cls.stylesheet)])


def linked(text: str, folder: Path) -> str:
    """JavaScript with all that it imports, as one module.

    Args:
        text: The JavaScript; it imports by lines ``import { a, b } from "./other.js";``.
        folder: Where the other files are; what they export begins with ``export const``.

    Raises:
        ValueError: Files import each other in a circle, or one imports what the other does not export.
        FileNotFoundError: There is no such file.
    """
    functions: dict[Path, str] = {}
    main = with_constants(text, folder, functions, ())
    return "\n".join([*functions.values(), main])


def with_constants(text: str, folder: Path, functions: dict[Path, str], inside: tuple[Path, ...]) -> str:
    """The text with constants in place of its imports; `functions` gets the imported files, first what needs no other.

    Args:
        text, folder: See `linked`.
        functions: Those made so far.
        inside: The files whose imports are being followed.
    """
    for names, name in IMPORT.findall(text):
        path = folder / name
        if path in inside:
            circle = " → ".join(each.name for each in (*inside, path))
            raise ValueError(f"these files import each other: {circle}; move what both need into a third one")
        imported = read(path)
        missing = set(re.findall(r"\w+", names)) - set(EXPORT.findall(imported))
        if missing:
            raise ValueError(
                f"{name} does not export {', '.join(sorted(missing))}: write `export const` in front of it"
            )
        if path not in functions:
            functions[path] = as_function(path, with_constants(imported, folder, functions, (*inside, path)))
    return IMPORT.sub(lambda found: f"const {found[1]} = {constant_of(Path(found[2]))};", text)


def as_function(path: Path, text: str) -> str:
    """A file as a constant: a function with a scope of its own, called at once, that returns what the file exports."""
    returned, bare = ", ".join(EXPORT.findall(text)), EXPORT.sub(r"const \1", text)
    return f"const {constant_of(path)} = (() => {{\n{bare}return {{ {returned} }};\n}})();"


def constant_of(path: Path) -> str:
    """The name of a file's constant."""
    return f"{path.stem}_js"


def synced_traits(cls: Any) -> list[str]:
    """Names of the traits that a view shares with the browser, without those of every ipywidget."""
    inherited = ipywidgets.DOMWidget.class_trait_names()
    return [name for name in cls.class_trait_names(sync=True) if name not in inherited and name[0] != "_"]


def read(source: str | Path) -> str:
    """The text of a file, or the text itself."""
    return source.read_text(encoding="utf-8") if isinstance(source, Path) else source
