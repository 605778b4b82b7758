"""Terms of a UnificationStepper: read from texts, drawn as trees, with what belongs to a step marked in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentos_lab.errors import ParseError
from agentos_lab.logic import Equal, Function, Term, Variable, parse

from .syntax_tree import Node, tree_sketch

__all__ = ["agreed_parts", "is_large", "read_term", "term_tree"]

VARIABLES = re.compile(r"[u-z]\d*'*")  # names that stand for variables
FORMULA, EXAMPLE = "this is a formula, not a term", "a term such as f(x, a)"
MOST_AS_TREE = 15  # symbols; of a larger term the parts that come again are drawn once
MOST_LEVELS = 8  # what is deeper is told by …
MOST_ARGUMENTS = 9  # of a term with more, some are told by …, not those that a step is about

Path = tuple[int, ...]
Key = Path | Term  # what a node stands for: a place, or, where shared parts are drawn once, a term


def read_term(text: str) -> Term:
    """A term from its text; u, v, w, x, y, z, with digits or primes, are variables, all other names are not.

    Raises:
        ParseError: The text is no term.
    """
    if not text.strip():
        raise ParseError("there is no term", text, 0, EXAMPLE)
    try:
        formula = parse(f"{text} = 0")
    except ParseError as error:
        if error.position > len(text):  # at the "=", which the reader has not written
            if is_formula(text):
                raise ParseError(FORMULA, text, 0, EXAMPLE) from None
            raise ParseError("the term ends too early", text, len(text), "the rest of it, such as ')'") from None
        expected = EXAMPLE if "formula" in error.expected else error.expected
        raise ParseError(error.message, text, error.position, expected) from None
    if not isinstance(formula, Equal):
        raise ParseError(FORMULA, text, 0, EXAMPLE)
    return with_variables(formula.left)


def is_formula(text: str) -> bool:
    """Whether a text can be read as a formula."""
    try:
        parse(text)
    except ParseError:
        return False
    return True


def with_variables(term: Term) -> Term:
    """The term with the constants that are named like variables turned into variables."""
    done: dict[Term, Term] = {}
    for part in sorted(parts_of(term), key=lambda each: each.size):  # what is inside a part is smaller
        if part.args:
            done[part] = Function(part.name, *(done[arg] for arg in part.args))
        else:
            done[part] = Variable(part.name) if VARIABLES.fullmatch(part.name) else part
    return done[term]


def parts_of(term: Term) -> set[Term]:
    """The term and all that is inside it, each once."""
    parts, waiting = {term}, [term]
    while waiting:
        new = set(waiting.pop().args) - parts
        parts |= new
        waiting += new
    return parts


def is_large(*terms: Term) -> bool:
    """Whether one of the terms is so large that parts that come again are drawn once."""
    return any(term.size > MOST_AS_TREE for term in terms)


def agreed_parts(left: Term, right: Term, *, shared: bool) -> set[Key]:
    """The largest parts that are the same in both terms at the same place."""
    found: set[Key] = set()
    waiting: list[tuple[Path, Term, Term]] = [((), left, right)]
    seen: set[tuple[Term, Term]] = set()
    while waiting:
        path, one, other = waiting.pop()
        if shared and (one, other) in seen:
            continue
        seen.add((one, other))
        if one is other:
            found.add(one if shared else path)
        elif one.name == other.name and len(one.args) == len(other.args):
            pairs = zip(one.args, other.args, strict=True)
            waiting += [((*path, place), a, b) for place, (a, b) in enumerate(pairs)]
    return found


def term_tree(term: Term, looks: Mapping[Key, str], agreed: set[Key], *, shared: bool) -> dict[str, Any]:
    """A term's drawing.

    Args:
        term: The term.
        looks: The looks of some nodes, by place or by term.
        agreed: Parts that are tinted as agreed, with all that is in them.
        shared: Whether parts that come again are drawn once.
    """
    nodes: list[Node] = []
    numbers: dict[Key | str, int] = {}
    levels = _levels(term) if shared else {}

    def grow(part: Term, path: Path, inside: bool) -> int:
        key: Key = part if shared else path
        if part.args and levels.get(part, len(path)) >= MOST_LEVELS - 1:
            if "…" not in numbers or not shared:
                numbers["…"] = len(nodes)
                nodes.append(Node("…", (), "more"))
            return numbers["…"]
        if key in numbers:
            return numbers[key]
        index = numbers[key] = len(nodes)
        inside = inside or key in agreed
        look = looks.get(key, "agreed" if inside else "")
        nodes.append(Node(part.name))
        below: list[int] = []
        for place in _shown_places(part, path, looks, shared=shared):
            if place is None:
                below.append(len(nodes))
                nodes.append(Node("…", (), "more"))
            else:
                below.append(grow(part.args[place], (*path, place), inside))
        nodes[index] = Node(part.name, tuple(below), look, isinstance(part, Variable))
        return index

    grow(term, (), False)
    return tree_sketch(nodes)


def _shown_places(part: Term, path: Path, looks: Mapping[Key, str], *, shared: bool) -> list[int | None]:
    """Which arguments are drawn; None stands for some that are not: of many those in the middle, unless marked."""
    count = len(part.args)
    kept = set(range(count)) if count <= MOST_ARGUMENTS else {*range(MOST_ARGUMENTS - 2), count - 1}
    for key in looks:
        if isinstance(key, tuple):
            kept |= set(key[len(path) : len(path) + 1]) if key[: len(path)] == path else set()
        elif shared:
            kept |= {place for place, arg in enumerate(part.args) if arg is key}
    shown: list[int | None] = []
    for place in range(count):
        if place in kept:
            shown.append(place)
        elif shown[-1] is not None:
            shown.append(None)
    return shown


def _levels(term: Term) -> dict[Term, int]:
    """For each part of a term the length of the longest way down to it; a part is smaller than what holds it."""
    levels = {term: 0}
    for part in sorted(parts_of(term), key=lambda each: -each.size):
        for arg in part.args:
            levels[arg] = max(levels.get(arg, 0), levels[part] + 1)
    return levels
