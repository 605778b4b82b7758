"""Causal graphs as text: ``X -> Z -> Y; X <-> Y; W``.

text       statements, parted by `;` or by the end of a line; `#` starts a comment
statement  group (arrow group)*        X, A -> Z -> Y draws X -> Z, A -> Z and Z -> Y; a group alone, its nodes
group      name (, name)*
arrow      ->  <-  <->  →  ←  ↔
name       letters, digits, _ . ' as they stand; anything else in double quotes: "blood pressure"
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from agentos_lab.errors import ParseError

if TYPE_CHECKING:
    from .graph import CausalGraph

__all__ = ["EdgeLists", "parse_graph", "quoted", "write_graph"]

_TOKEN = re.compile(
    r"""(?P<blank>[^\S\n]+|\#[^\n]*)
      | (?P<end>[;\n])
      | (?P<arrow><->|->|<-|[→←↔])
      | (?P<comma>,)
      | (?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<name>[\w.'′]+)""",
    re.VERBOSE | re.DOTALL,
)
_BARE = re.compile(r"[\w.'′]+")
_ASCII = {"→": "->", "←": "<-", "↔": "<->"}


class EdgeLists(NamedTuple):
    """What a text declares: nodes in the order of first mention, and its edges."""

    nodes: list[str]
    directed: list[tuple[str, str]]
    bidirected: list[tuple[str, str]]


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


def parse_graph(text: str) -> EdgeLists:
    """Read a graph's text (the grammar in this module's docstring).

    Raises:
        ParseError: The message points at the character.
    """
    nodes: dict[str, None] = {}
    directed: list[tuple[str, str]] = []
    bidirected: list[tuple[str, str]] = []
    statement: list[_Token] = []
    for token in [*_tokens(text), _Token("end", "", len(text))]:
        if token.kind != "end":
            statement.append(token)
            continue
        groups, arrows = _groups(statement, text, token.position)
        nodes.update((name, None) for group in groups for name in group)
        for left, arrow, right in zip(groups, arrows, groups[1:], strict=False):
            pairs = [(a, b) for a in left for b in right]
            if arrow == "<->":
                bidirected += pairs
            else:
                directed += pairs if arrow == "->" else [(b, a) for a, b in pairs]
        statement = []
    return EdgeLists(list(nodes), directed, bidirected)


def _tokens(text: str) -> Iterable[_Token]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            if text[position] == '"':
                raise ParseError("this quotation mark is never closed", text, position)
            raise ParseError(
                f"a graph's text has no use for {text[position]!r}",
                text,
                position,
                'a name, ->, <-, <->, a comma or ";"; other names in quotes, as in "blood pressure"',
            )
        kind = str(found.lastgroup)
        if kind != "blank":
            yield _Token(kind, found.group(), position)
        position = found.end()


def _groups(statement: list[_Token], text: str, end: int) -> tuple[list[list[str]], list[str]]:
    """The groups of names of one statement and the arrows between them."""
    groups: list[list[str]] = []
    arrows: list[str] = []
    if not statement:
        return groups, arrows
    groups.append([])
    name_is_due = True
    for kind, written, position in statement:
        if (kind in ("name", "quoted")) != name_is_due:
            problem = f"unexpected {written!r}" if name_is_due else "two names without an arrow between them"
            raise ParseError(problem, text, position, "a name" if name_is_due else 'an arrow, a comma or ";"')
        if kind == "arrow":
            arrows.append(_ASCII.get(written, written))
            groups.append([])
        elif kind != "comma":
            groups[-1].append(_unquoted(written, text, position) if kind == "quoted" else written)
        name_is_due = not name_is_due
    if name_is_due:
        raise ParseError("the statement ends too early", text, end, f"a name after {statement[-1].text!r}")
    return groups, arrows


def _unquoted(written: str, text: str, position: int) -> str:
    name = re.sub(r"\\(.)", r"\1", written[1:-1], flags=re.DOTALL)
    if not name:
        raise ParseError("a name cannot be empty", text, position)
    return name


def quoted(name: str) -> str:
    """A name as it is written in a text: bare where it can be, else in double quotes."""
    if _BARE.fullmatch(name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_graph(graph: CausalGraph) -> str:
    """The text of a graph: directed edges as long chains, bidirected edges, nodes without an edge."""
    left = {node: [child for parent, child in graph.directed if parent == node] for node in graph.nodes}
    statements = []
    for start in graph.topological_order():
        while left[start]:
            chain = [start]
            while left[chain[-1]]:
                chain.append(left[chain[-1]].pop(0))
            statements.append(" -> ".join(map(quoted, chain)))
    statements += [f"{quoted(a)} <-> {quoted(b)}" for a, b in graph.bidirected]
    joined = {name for edge in graph.directed + graph.bidirected for name in edge}
    statements += [quoted(name) for name in graph.nodes if name not in joined]
    return "; ".join(statements)
