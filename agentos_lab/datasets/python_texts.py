"""English that every machine with Python has: the language reference's topics and the library's docstrings.

Both belong to the running Python, so their text differs a little between versions: train on them, but do not
rely on their exact content.
"""

from __future__ import annotations

import ast
import functools
import gc
import os
import sysconfig
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["PYTHON_TEXTS", "python_docstrings", "python_topics"]

# Folders under the standard library that hold tests, other people's packages, or generated lists.
SKIPPED = frozenset(
    {"test", "tests", "idle_test", "site-packages", "dist-packages", "__pycache__", "ensurepip", "lib2to3"}
)


@functools.lru_cache(maxsize=1)
def python_topics() -> str:
    """The topics of Python's own ``help()``: about 465 thousand characters of careful technical English.

    Returns:
        The topics in alphabetical order, separated by blank lines.

    Raises:
        ModuleNotFoundError: This Python was packed without its help texts.
    """
    try:
        from pydoc_data.topics import topics
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "this Python comes without its help texts (module pydoc_data); a Python from python.org has them. "
            "load_text('stories') and load_text('python_docstrings') work here"
        ) from error
    return "\n\n".join(topics[name].strip() for name in sorted(topics)) + "\n"


@functools.lru_cache(maxsize=1)
def python_docstrings() -> str:
    """All docstrings of the standard library: about 1.8 million characters of English among code terms.

    The source files are parsed, never imported. It takes a second or two, once per session.

    Returns:
        The docstrings in the order of their files' names and of their places in the file, separated by blank lines.

    Raises:
        FileNotFoundError: This Python was packed without its sources.
    """
    library = Path(sysconfig.get_path("stdlib"))
    with _collector_at_rest():
        found = "\n\n".join(docstring for path in _source_files(library) for docstring in _docstrings(path))
    if not found:
        raise FileNotFoundError(
            f"no Python source with docstrings under {library}: this Python was packed without its sources; "
            "load_text('stories') works here"
        )
    return found + "\n"


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Syntax trees have no cycles: the garbage collector finds nothing in them, and its search takes half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _source_files(library: Path) -> list[Path]:
    found: list[Path] = []
    for folder, inside, files in os.walk(library):
        inside[:] = [name for name in inside if name not in SKIPPED]  # the others are not entered
        found += [Path(folder, name) for name in files if name.endswith(".py")]
    return sorted(found, key=lambda path: path.relative_to(library).as_posix())


def _docstrings(path: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old escapes in library files are not the reader's business
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, OSError):  # templates and unreadable files have no docstrings for us
            return
    for node in _definitions(tree):
        docstring = (ast.get_docstring(node) or "").strip()
        if docstring:
            # Lone surrogates may stand in a docstring, but in no UTF-8 text.
            yield docstring.encode("utf-8", "replace").decode("utf-8")


def _definitions(node: ast.AST) -> Iterator[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """The definitions at and under a node, in source order; unlike ast.walk, statements only."""
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node
    for block in ("body", "handlers", "orelse", "finalbody", "cases"):
        statements = getattr(node, block, ())
        if isinstance(statements, list):  # the body of a lambda is an expression
            for statement in statements:
                yield from _definitions(statement)


# The texts that this module makes, by the name of their dataset.
PYTHON_TEXTS: dict[str, Callable[[], str]] = {
    "python_docstrings": python_docstrings,
    "python_topics": python_topics,
}
